"""`vigie worker`: opens letters, looks, sends, watches. Several may run; kill -9 loses nothing."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.startup import refuse_unsafe
from vigie.worker.loop import keep_on, one_round


class Command(BaseCommand):
    help = "Work off what is due, until told to stop (SIGTERM finishes what is begun)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--idle", type=float, default=1.0, help="seconds to rest when idle")
        parser.add_argument("--lookers", type=int, default=2, help="visits at the same time")
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        if options["once"]:
            one_round()
            return
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        lanes = ["outside"] * options["lookers"] + ["campaign", "lists"]
        beside = [
            threading.Thread(target=keep_on, args=(lane, stop, options["idle"])) for lane in lanes
        ]
        for thread in beside:
            thread.start()
        keep_on("office", stop, options["idle"])
        for thread in beside:
            thread.join()
