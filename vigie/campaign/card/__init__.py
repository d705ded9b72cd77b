"""The card: a supporter's photo, the handwritten note, the hotline's address. No Django here."""
