"""What each line of argument is worth, measured on labelled captures.

`ODDS[ending, case]` is a log-odds in nats; behind it how often the case was
claimed and how often it was true, among 7497 connections of a laboratory's
corpus, seen at three vantages. What is not listed is worth its claim's Strength.
Made by `make calibrate`; not to be edited by hand.
"""

from typing import Final

ODDS: Final[dict[tuple[str, str], float]] = {
    ("accept-queue-overflow", "bad-ack-refused"): -2.12,  # 40, 0
    ("accept-queue-overflow", "handshake-refused"): 2.40,  # 51, 51
    ("accept-queue-overflow", "ignored-then-reset"): -0.66,  # 20, 0
    ("accept-queue-overflow", "ignored-then-reset-served"): 4.35,  # 57, 57
    ("accept-queue-overflow", "refused-after-repeats"): -0.07,  # 10, 0
    ("accept-queue-overflow", "syn-ignored"): -2.05,  # 60, 0
    ("accept-queue-overflow", "syn-ignored-others-served"): 4.44,  # 30, 30
    ("connect-timeout", "others-served"): 1.62,  # 30, 0
    ("connect-timeout", "several-syns"): 4.32,  # 56, 56
    ("connect-timeout", "with-icmp"): -2.00,  # 108, 0
    ("connection-refused", "own-ttl"): 4.04,  # 30, 30
    ("connection-refused", "ttl-unknown"): 1.67,  # 200, 120
    ("data-after-close", "after-fin"): 8.00,  # 507, 507
    ("data-after-close", "crossed-the-fin"): 8.00,  # 87, 87
    ("data-after-close", "nothing-but-ack"): -2.10,  # 30, 0
    ("fin-unanswered", "acknowledged"): 4.35,  # 180, 180
    ("fin-unanswered", "fin-not-acknowledged"): -2.02,  # 40, 0
    ("firewall-reset", "foreign-ttl"): 8.01,  # 100, 100
    ("firewall-reset", "in-the-handshake"): -2.23,  # 140, 0
    ("firewall-reset", "same-ttl"): -2.81,  # 475, 0
    ("firewall-reset", "sender-goes-on"): 4.19,  # 30, 30
    ("firewall-reset", "several-numbers"): -2.00,  # 32, 0
    ("firewall-reset", "syn-own-ttl"): -2.02,  # 30, 0
    ("firewall-reset", "syn-ttl-unknown"): 1.60,  # 200, 80
    ("firewall-reset", "wrong-ack"): -2.12,  # 40, 0
    ("half-close", "data-crossed-the-fin"): 1.22,  # 60, 30
    ("half-close", "late-data-acknowledged"): 8.00,  # 120, 120
    ("handshake-abandoned", "syn-ack-refused"): 8.00,  # 43, 43
    ("handshake-incomplete", "came-too-late"): 4.12,  # 10, 10
    ("handshake-incomplete", "reset-after-doubt"): 1.71,  # 77, 20
    ("handshake-incomplete", "syn-acks-repeated"): 4.27,  # 140, 140
    ("handshake-incomplete", "wrong-ack-refused"): 2.58,  # 40, 40
    ("icmp-rejected", "syn-rejected"): 8.09,  # 108, 108
    ("icmp-rejected", "while-waiting"): -0.16,  # 16, 0
    ("injected-reset", "answers-a-segment"): -0.18,  # 130, 0
    ("injected-reset", "answers-like-a-host"): -0.80,  # 575, 87
    ("injected-reset", "foreign-ttl"): 8.19,  # 160, 160
    ("injected-reset", "one-way"): -2.08,  # 40, 0
    ("injected-reset", "several-guesses"): 8.00,  # 32, 32
    ("injected-reset", "wrong-ack"): -2.12,  # 40, 0
    ("keepalive-timeout", "answers-lost"): 4.00,  # 40, 40
    ("keepalive-timeout", "one-probe"): 2.00,  # 20, 20
    ("keepalive-timeout", "probes-unanswered"): 8.00,  # 80, 80
    ("linger-zero", "after-own-fin"): -0.28,  # 119, 30
    ("linger-zero", "at-once-after-own-fin"): -0.51,  # 84, 0
    ("linger-zero", "data-answered"): 0.70,  # 283, 105
    ("linger-zero", "data-never-acknowledged"): -2.00,  # 40, 0
    ("linger-zero", "data-unanswered"): -0.23,  # 863, 114
    ("linger-zero", "never-answered"): -0.93,  # 285, 15
    ("linger-zero", "nothing-received"): 0.51,  # 219, 171
    ("linger-zero", "queue-was-read"): 2.22,  # 15, 15
    ("listener-closed", "handshake-refused"): -0.22,  # 51, 0
    ("listener-closed", "never-answered"): 0.40,  # 189, 60
    ("listener-closed", "nothing-exchanged"): 1.42,  # 143, 119
    ("listener-closed", "refused-after-repeats"): -2.01,  # 10, 0
    ("listener-closed", "resets-together"): 2.41,  # 172, 142
    ("orderly-close", "both-acknowledged"): 8.02,  # 1971, 1971
    ("orderly-close", "data-crossed-the-fin"): 0.79,  # 60, 30
    ("orderly-close", "fin-repeated"): -0.15,  # 40, 0
    ("orderly-close", "last-ack-not-seen"): 4.00,  # 14, 14
    ("orderly-close", "with-late-data"): -2.00,  # 120, 0
    ("orphan-limit", "ack-of-fin-refused"): 2.63,  # 27, 27
    ("orphan-limit", "after-own-fin"): -0.43,  # 119, 30
    ("orphan-limit", "at-once"): -0.51,  # 84, 0
    ("peer-lost-state", "after-a-stall"): 0.00,  # 90, 0
    ("peer-lost-state", "foreign-ttl"): -2.00,  # 132, 0
    ("peer-lost-state", "handshake-in-doubt"): -0.67,  # 77, 0
    ("peer-lost-state", "last-ack-of-handshake"): -2.04,  # 61, 0
    ("peer-lost-state", "offence-not-seen"): -2.00,  # 20, 0
    ("peer-lost-state", "same-ttl"): 0.43,  # 386, 240
    ("peer-lost-state", "sender-goes-on"): -2.14,  # 70, 0
    ("retransmission-timeout", "data-gave-up"): 1.98,  # 20, 0
    ("retransmission-timeout", "data-often"): 4.29,  # 226, 226
    ("retransmission-timeout", "fin-often"): 4.30,  # 80, 80
    ("retransmission-timeout", "then-reset"): 3.12,  # 20, 20
    ("retransmission-timeout", "though-acknowledged"): 3.74,  # 20, 20
    ("socket-destroyed", "after-own-fin"): -2.95,  # 119, 0
    ("socket-destroyed", "data-unanswered"): -0.66,  # 878, 72
    ("socket-destroyed", "unprompted"): -0.63,  # 787, 78
    ("stale-connection-reused", "challenged-and-reset"): 8.00,  # 60, 60
    ("still-open", "both-spoke"): 2.30,  # 527, 507
    ("still-open", "half-closed"): -0.45,  # 220, 0
    ("still-open", "just-sent"): 1.92,  # 72, 0
    ("still-open", "replaced"): -2.00,  # 60, 0
    ("still-open", "waiting"): -0.48,  # 262, 0
    ("still-open", "waiting-often"): -2.14,  # 230, 0
    ("still-open", "window-closed"): -0.01,  # 60, 0
    ("unknown", "beginning-not-seen"): -2.16,  # 223, 0
    ("unknown", "end-not-seen"): -3.36,  # 1220, 0
    ("unknown", "lone-reset"): 3.03,  # 40, 40
    ("unknown", "never-excluded"): -5.56,  # 5586, 0
    ("unknown", "one-way"): -1.41,  # 428, 0
    ("unread-data-at-close", "after-own-fin"): 0.30,  # 110, 59
    ("unread-data-at-close", "at-once-after-own-fin"): 3.05,  # 84, 84
    ("unread-data-at-close", "data-answered"): 0.23,  # 283, 117
    ("unread-data-at-close", "data-never-acknowledged"): 3.83,  # 40, 0
    ("unread-data-at-close", "data-unanswered"): 1.49,  # 863, 597
    ("unread-data-at-close", "own-reset-not-seen"): -0.50,  # 27, 0
    ("unread-data-at-close", "queue-was-read"): -2.04,  # 15, 0
    ("unread-data-at-close", "window-doubled"): 8.00,  # 36, 36
    ("zero-window-stall", "probed"): 8.01,  # 60, 60
    ("zero-window-stall", "sender-gave-up-before"): 2.62,  # 88, 88
    ("zero-window-stall", "sender-reset"): -1.68,  # 92, 2
}
