"""The outside world, on loopback: hosts, names, registry, mail and a police mailbox.

Plain Python, its own process, no Django: the running system meets it only over the real
protocols (HTTP, DNS, RDAP, SMTP), so nothing in the product has to know that it is not real.
Only documentation networks (RFC 5737, RFC 3849) and names under `.test` (RFC 6761) exist here.
"""
