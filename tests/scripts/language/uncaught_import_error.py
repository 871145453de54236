import module_that_is_not_there  # expect raises: ModuleNotFoundError: No module named 'module_that_is_not_there'
