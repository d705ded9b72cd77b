"""The one place where a picture from the public is taken: the card studio, and in memory only.

Everywhere else `config.uploads.DropFiles` stands, and drops every file as it comes.
"""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from vigie.campaign.card.admission import MOST_FILE_BYTES

FIELD = "photo"


class OnePhoto(FileUploadHandler):
    """Keeps the file of the field ``photo`` in memory, up to one byte more than is allowed.

    That byte is how it is known to be too big; what follows it, and any other file, is dropped.
    Nothing touches the disk.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != FIELD:
            raise SkipFile
        self.held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = MOST_FILE_BYTES + 1 - self.held.tell()
        self.held.write(raw_data[: max(room, 0)])
        return None

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile(FIELD, self.held.getvalue())


def take_photo(request: HttpRequest) -> bytes:
    """The photo of a form, or nothing. Call it before anything else reads the request."""
    request.upload_handlers = [OnePhoto(request)]
    photo = request.FILES.get(FIELD)
    return photo.read() if photo else b""
