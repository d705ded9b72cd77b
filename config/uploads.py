"""No picture from the public: the bytes of any file in a form are dropped as they arrive."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class DropFiles(FileUploadHandler):
    """Keeps the text fields of a multipart form and none of its files.

    ``dropped``: there was one, so that the page can say why no picture is taken.
    """

    dropped = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.dropped = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
