"""No picture from the public: the bytes of any file in a form are dropped as they arrive."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class DropFiles(FileUploadHandler):
    """Keeps the text fields of a multipart form and none of its files."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
