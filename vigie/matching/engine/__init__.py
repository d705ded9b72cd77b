"""Recognising what is known: values of pictures, and an index of them. Works without Django."""
