"""X API v2: JSON and JSON Lines, raw responses and tweets flattened by twarc."""
