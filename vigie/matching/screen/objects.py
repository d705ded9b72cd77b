"""What lies below a prefix of an S3 bucket, one object after the other, read into memory.

Address and credentials are what the AWS tools read (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …).
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from vigie.matching.screen.sources import Found, Wanted, read_whole

BEGINS = "s3://"
TIMES = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard"})


class NoBucket(OSError):
    """It cannot be listed; the words are the server's."""


def in_bucket(address: str) -> Iterator[str]:
    """Every object below ``s3://bucket/prefix``, as an address of its own. Raises NoBucket."""
    bucket, prefix = _parts(address)
    try:
        for page in (
            _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        ):
            for told in page.get("Contents", ()):
                if told["Size"] or not told["Key"].endswith("/"):  # not what stands for a folder
                    yield f"{BEGINS}{bucket}/{told['Key']}"
    except (BotoCoreError, ClientError) as error:
        raise NoBucket(str(error)) from error


def from_bucket(paths: Iterable[str], wanted: Wanted, most: int) -> Iterator[Found]:
    for path in paths:
        if wanted(path):
            yield _read(path, most)


def _read(path: str, most: int) -> Found:
    bucket, key = _parts(path)
    try:
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
        with body:
            return read_whole(path, cast(BinaryIO, body), most, lambda _length: None)
    except (BotoCoreError, ClientError, HTTPError, OSError):  # gone, forbidden, cut off, too slow
        return Found(path, outcome="unreadable")


def _parts(address: str) -> tuple[str, str]:
    bucket, _slash, rest = address.removeprefix(BEGINS).partition("/")
    return bucket, rest


@cache
def _client() -> Any:
    return boto3.client("s3", config=TIMES)
