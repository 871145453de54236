try:
    {}["k"]
except KeyError as e:
    raise RuntimeError("loading failed") from e  # expect raises: RuntimeError: loading failed
# expect stderr: KeyError: 'k'
# expect stderr: The above exception was the direct cause of the following exception:
# expect stderr: RuntimeError: loading failed
