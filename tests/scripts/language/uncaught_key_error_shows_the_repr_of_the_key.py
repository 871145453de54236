{"a": 1}["missing key"]  # expect raises: KeyError: 'missing key'
