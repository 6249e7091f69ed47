"""What each line of argument is worth, measured on labelled captures.

`ODDS[ending, case]` is a log-odds in nats; behind it how often the case was
claimed and how often it was true, among 9069 connections of a laboratory's
corpus, seen at three vantages. What is not listed is worth its claim's Strength.
Made by `make calibrate`; not to be edited by hand.
"""

from typing import Final

ODDS: Final[dict[tuple[str, str], float]] = {
    ("accept-queue-overflow", "bad-ack-refused"): -2.12,  # 20, 0
    ("accept-queue-overflow", "handshake-refused"): 1.15,  # 93, 60
    ("accept-queue-overflow", "ignored-then-reset"): -0.69,  # 39, 0
    ("accept-queue-overflow", "ignored-then-reset-served"): 4.33,  # 30, 30
    ("accept-queue-overflow", "refused-after-repeats"): -0.07,  # 20, 0
    ("accept-queue-overflow", "syn-ignored"): -2.05,  # 80, 0
    ("accept-queue-overflow", "syn-ignored-others-served"): 4.45,  # 60, 60
    ("connect-timeout", "others-served"): 1.62,  # 60, 0
    ("connect-timeout", "several-syns"): 4.35,  # 74, 74
    ("connect-timeout", "with-icmp"): -2.00,  # 120, 0
    ("connection-refused", "own-ttl"): 4.04,  # 60, 60
    ("connection-refused", "ttl-unknown"): 1.67,  # 219, 119
    ("data-after-close", "after-fin"): 8.00,  # 462, 462
    ("data-after-close", "crossed-the-fin"): 8.00,  # 201, 201
    ("data-after-close", "nothing-but-ack"): -2.11,  # 57, 0
    ("data-after-close", "offence-not-seen"): 1.97,  # 40, 0
    ("fin-unanswered", "acknowledged"): 4.35,  # 180, 180
    ("fin-unanswered", "fin-not-acknowledged"): -2.02,  # 40, 0
    ("firewall-reset", "foreign-ttl"): 8.01,  # 100, 100
    ("firewall-reset", "in-the-handshake"): -2.29,  # 182, 0
    ("firewall-reset", "same-ttl"): -3.19,  # 568, 0
    ("firewall-reset", "sender-goes-on"): 4.19,  # 60, 60
    ("firewall-reset", "several-numbers"): -2.00,  # 32, 0
    ("firewall-reset", "syn-own-ttl"): -2.02,  # 60, 0
    ("firewall-reset", "syn-ttl-unknown"): 1.60,  # 219, 100
    ("firewall-reset", "wrong-ack"): -2.12,  # 20, 0
    ("half-close", "data-crossed-the-fin"): 1.15,  # 96, 60
    ("half-close", "late-data-acknowledged"): 8.00,  # 180, 180
    ("handshake-abandoned", "syn-ack-refused"): 8.00,  # 73, 73
    ("handshake-incomplete", "came-too-late"): 4.11,  # 20, 20
    ("handshake-incomplete", "reset-after-doubt"): 1.62,  # 69, 39
    ("handshake-incomplete", "syn-acks-repeated"): 4.30,  # 160, 160
    ("handshake-incomplete", "wrong-ack-refused"): 2.58,  # 20, 20
    ("icmp-rejected", "syn-rejected"): 8.10,  # 120, 120
    ("icmp-rejected", "while-waiting"): -0.12,  # 26, 0
    ("injected-reset", "answers-a-segment"): -0.24,  # 163, 0
    ("injected-reset", "answers-like-a-host"): -1.30,  # 710, 96
    ("injected-reset", "answers-nothing"): 2.48,  # 21, 0
    ("injected-reset", "foreign-ttl"): 8.18,  # 180, 180
    ("injected-reset", "one-way"): -2.09,  # 40, 0
    ("injected-reset", "several-guesses"): 8.00,  # 32, 32
    ("injected-reset", "wrong-ack"): -2.12,  # 20, 0
    ("keepalive-timeout", "answers-lost"): 4.00,  # 40, 40
    ("keepalive-timeout", "one-probe"): 2.00,  # 24, 24
    ("keepalive-timeout", "probes-unanswered"): 8.00,  # 42, 42
    ("linger-zero", "after-own-fin"): -0.29,  # 202, 60
    ("linger-zero", "at-once-after-own-fin"): -0.52,  # 90, 0
    ("linger-zero", "data-answered"): 0.43,  # 330, 135
    ("linger-zero", "data-never-acknowledged"): -2.04,  # 70, 0
    ("linger-zero", "data-unanswered"): -0.08,  # 960, 111
    ("linger-zero", "never-answered"): -0.64,  # 378, 15
    ("linger-zero", "nothing-received"): 0.34,  # 270, 186
    ("listener-closed", "handshake-refused"): 1.49,  # 93, 33
    ("listener-closed", "never-answered"): 0.52,  # 200, 60
    ("listener-closed", "nothing-exchanged"): 1.63,  # 200, 179
    ("listener-closed", "refused-after-repeats"): -2.01,  # 20, 0
    ("listener-closed", "resets-together"): 2.47,  # 236, 178
    ("orderly-close", "both-acknowledged"): 8.03,  # 2333, 2333
    ("orderly-close", "data-crossed-the-fin"): 0.86,  # 96, 36
    ("orderly-close", "fin-repeated"): -0.16,  # 40, 0
    ("orderly-close", "with-late-data"): -2.00,  # 180, 0
    ("orphan-limit", "ack-of-fin-refused"): 2.65,  # 54, 54
    ("orphan-limit", "after-own-fin"): -0.44,  # 212, 60
    ("orphan-limit", "at-once"): -0.48,  # 80, 0
    ("orphan-limit", "offence-not-seen"): -0.00,  # 40, 0
    ("peer-lost-state", "after-a-stall"): 0.57,  # 96, 0
    ("peer-lost-state", "foreign-ttl"): -2.00,  # 132, 0
    ("peer-lost-state", "handshake-in-doubt"): -0.71,  # 69, 0
    ("peer-lost-state", "last-ack-of-handshake"): -2.22,  # 125, 0
    ("peer-lost-state", "offence-not-seen"): -2.02,  # 61, 0
    ("peer-lost-state", "same-ttl"): -0.13,  # 465, 289
    ("peer-lost-state", "sender-goes-on"): -2.07,  # 68, 0
    ("retransmission-timeout", "data-gave-up"): 1.78,  # 49, 0
    ("retransmission-timeout", "data-often"): 4.22,  # 247, 246
    ("retransmission-timeout", "fin-often"): 4.26,  # 80, 80
    ("retransmission-timeout", "gave-up-before"): 1.30,  # 40, 40
    ("retransmission-timeout", "though-acknowledged"): 1.60,  # 12, 0
    ("retransmission-timeout", "though-acknowledged-often"): 4.56,  # 40, 40
    ("socket-destroyed", "after-own-fin"): -2.96,  # 202, 0
    ("socket-destroyed", "data-unanswered"): -0.72,  # 963, 93
    ("socket-destroyed", "unprompted"): -0.71,  # 978, 144
    ("stale-connection-reused", "challenged-and-reset"): 8.00,  # 30, 30
    ("still-open", "both-spoke"): 4.01,  # 784, 784
    ("still-open", "half-closed"): -0.42,  # 220, 0
    ("still-open", "just-sent"): 1.91,  # 96, 0
    ("still-open", "repeats-though-acknowledged"): 1.84,  # 42, 2
    ("still-open", "replaced"): -2.00,  # 30, 0
    ("still-open", "waiting"): -0.34,  # 319, 1
    ("still-open", "waiting-often"): -2.12,  # 252, 0
    ("still-open", "window-closed"): 0.36,  # 90, 1
    ("unknown", "beginning-not-seen"): -2.16,  # 253, 0
    ("unknown", "end-not-seen"): -3.45,  # 1440, 0
    ("unknown", "lone-reset"): 2.80,  # 40, 40
    ("unknown", "never-excluded"): -5.62,  # 6797, 0
    ("unknown", "one-way"): -1.40,  # 539, 0
    ("unread-data-at-close", "after-own-fin"): 0.21,  # 178, 82
    ("unread-data-at-close", "at-once-after-own-fin"): 3.09,  # 90, 90
    ("unread-data-at-close", "data-answered"): 0.09,  # 330, 100
    ("unread-data-at-close", "data-never-acknowledged"): 3.91,  # 70, 30
    ("unread-data-at-close", "data-unanswered"): 1.41,  # 960, 677
    ("unread-data-at-close", "own-reset-not-seen"): -0.51,  # 54, 0
    ("unread-data-at-close", "window-doubled"): 8.00,  # 37, 37
    ("zero-window-stall", "probed"): 7.57,  # 89, 88
    ("zero-window-stall", "sender-gave-up-before"): 3.23,  # 117, 117
    ("zero-window-stall", "sender-reset"): -1.92,  # 117, 0
}
