"""Texts that somebody might paste, for Hypothesis: any letters, and pieces with a meaning."""

from hypothesis import strategies as st

ONION = "abcdefghij234567" * 3 + "abcdefgd"
PIECES = st.sampled_from(
    ["http://", "hxxps://", "//", "a.test", "b[.]test", "t.me/", ONION + ".onion", "@name", "["]
    + ["%", "%zz", "#x", "?utm_a=b&c", "&", ":", ":99999", "/", "\\", "..", " ", "\n", "\0", "é"]
    + [")", "[::1]", "telegram", "\u202e", "\ud800", "xn--", "١٢", "user:w@", "。", "'", "**"]
)  # fmt: skip
TEXTS = st.one_of(st.text(st.characters(), max_size=200), st.lists(PIECES, max_size=8).map("".join))
ACCOUNT_PIECES = st.sampled_from(
    ["t.me/", "T.ME/", "telegram.me/", "wa.me/", "chat.whatsapp.com/", "signal.group/#", "m.me/"]
    + ["discord.gg/", "discord.com/invite/", "https://", "instagram", "Telegram", ":", ": ", " "]
    + ["@", "s/", "joinchat/", "+", "c/", "12", "/34", "Name", "some.Name", "AbC-d", "İx", "ß"]
    + ["?start=AbC", "?text=x", ".", "invite/", "j/", "\n", "é", "#p/+32", ".t.me", "/"]
)  # fmt: skip
ACCOUNTS = st.lists(ACCOUNT_PIECES, min_size=1, max_size=7).map("".join)
