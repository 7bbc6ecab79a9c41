"""Errors that clients ask again for."""

import uuid

import botocore.exceptions
import pytest

# The code, with the status that client libraries decide by.
RETRYABLE = {"Unavailable": 503, "RequestLimitExceeded": 503, "InternalError": 500}


def error_of(client, action, parameters):
    """The error of a request; it must be one that clients know to retry, and carry a request id."""
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        getattr(client, action)(**parameters)
    answer = raised.value.response
    code, status = answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]
    assert RETRYABLE.get(code) == status, answer
    uuid.UUID(answer["ResponseMetadata"]["RequestId"])
    return answer["Error"]
