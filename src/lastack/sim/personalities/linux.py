"""Linux 6.18, as measured on one kernel and read in its source."""

from lastack.sim.personality import (
    ASSUMED,
    DOCUMENTED,
    MEASURED,
    MS,
    SECOND,
    SOURCE,
    Acknowledge,
    ActiveReset,
    AtDeath,
    Estimator,
    GiveUp,
    GiveUpBy,
    IpId,
    Keepalive,
    LingerExpiry,
    LingerNonBlocking,
    LossDetection,
    Nagle,
    Overflow,
    PersistBase,
    Personality,
    Probe,
    Push,
    ReadShutdown,
    ReceiveMemory,
    Silence,
    Sourced,
    UnreadAtClose,
    WakeUp,
    WindowUpdate,
)

_SYSCTL = "Documentation/networking/ip-sysctl.rst"

PERSONALITY = Personality(
    name="linux",
    title="Linux 6.18",
    ttl=Sourced(64, "fin-client-first", MEASURED),
    ip_id=Sourced(IpId.PER_CONNECTION, "168 resets and their neighbours", MEASURED),
    mss=Sourced(1460, "Ethernet's 1500 less 40", MEASURED),
    window=Sourced(64240, "tcp_output.c:tcp_select_initial_window", MEASURED),
    listen_window=Sourced(65160, "tcp_input.c:tcp_openreq_init_rwin", MEASURED),
    window_in_segments=Sourced(
        True, "tcp_output.c:tcp_select_initial_window quantizes", MEASURED
    ),
    receive_memory=Sourced(
        ReceiveMemory.BUFFERS, "ss -m: 2304 for 1448 octets, 832 for 100", MEASURED
    ),
    receive_buffer=Sourced(131_072, "tcp_rmem[1]; ss -m: rb131072", MEASURED),
    receive_share=Sourced(
        128, "TCP_DEFAULT_SCALING_RATIO; rcv_ssthresh 64088 in ss -i", MEASURED
    ),
    send_buffer=Sourced(46_080, "ss -m: tb46080; takes 32 segments", MEASURED),
    send_slack=Sourced(326, "SO_SNDBUF 16384 took 21720 octets", MEASURED),
    send_buffer_max=Sourced(
        2_780_000, "tcp_wmem[2], two thirds of it data", DOCUMENTED
    ),
    window_scale=Sourced(10, "fin-client-first; tcp_rmem[2] 32 MiB", MEASURED),
    timestamps=Sourced(True, "tcp_timestamps=1", MEASURED),
    timestamp_tick=Sourced(MS, "tcp_ts_usec off: 1 ms", MEASURED),
    sack=Sourced(True, "tcp_sack=1", MEASURED),
    push=Sourced(Push.END_OF_WRITE, "tcp.c:tcp_push, forced_push", MEASURED),
    nagle=Sourced(Nagle.MINSHALL, "tcp_output.c:tcp_nagle_check", ASSUMED),
    initial_window=Sourced(10, "TCP_INIT_CWND", MEASURED),
    window_update=Sourced(
        WindowUpdate.DOUBLED, "tcp.c:__tcp_cleanup_rbuf; close-unread-huge", MEASURED
    ),
    active_reset=Sourced(
        ActiveReset(acknowledges=True, timestamps=True, window=True),
        "tcp_output.c:tcp_send_active_reset; 55 of 55",
        MEASURED,
    ),
    acknowledge=Sourced(
        Acknowledge.QUICK,
        "tcp_input.c:__tcp_ack_snd_check, tcp_event_data_recv",
        MEASURED,
    ),
    delayed_ack=Sourced(40 * MS, "TCP_DELACK_MIN; 40-53 ms late", MEASURED),
    fin_ack_delayed=Sourced(
        True, "tcp_input.c:tcp_fin enters pingpong mode; fin-client-first", MEASURED
    ),
    challenge_interval=Sourced(500 * MS, "tcp_invalid_ratelimit", MEASURED),
    checks_echo=Sourced(True, "tcp_minisocks.c:tcp_check_req, tsecr_reject", MEASURED),
    predicts_headers=Sourced(
        True, "tcp_input.c:tcp_rcv_established, its fast path", MEASURED
    ),
    ack_inside_window=Sourced(True, "tcp_output.c:tcp_acceptable_seq", MEASURED),
    crossed_syn_offers_all=Sourced(
        True, "tcp_output.c:tcp_send_synack repeats the SYN's options", MEASURED
    ),
    wake_up=Sourced(
        WakeUp.WHEEL, "kernel/time/timer.c:calc_index; 1 s fires at 1.024 s", MEASURED
    ),
    tick=Sourced(4 * MS, "CONFIG_HZ=250", MEASURED),
    estimator=Sourced(Estimator.LINUX, "tcp_input.c:tcp_rtt_estimator", MEASURED),
    rto_initial=Sourced(SECOND, "TCP_TIMEOUT_INIT", MEASURED),
    rto_min=Sourced(200 * MS, "TCP_RTO_MIN", MEASURED),
    rto_max=Sourced(120 * SECOND, "tcp_rto_max_ms", DOCUMENTED),
    rto_slop=Sourced(0, "none", SOURCE),
    loss_probe=Sourced(
        True, "tcp_output.c:tcp_schedule_loss_probe; blackhole-write", MEASURED
    ),
    loss_detection=Sourced(
        LossDetection.RACK, "tcp_recovery.c; tcp_recovery=1; mtu-black-hole", MEASURED
    ),
    icmp_reverts_backoff=Sourced(
        ("host-unreachable", "net-unreachable"),
        "tcp_ipv4.c:tcp_v4_err, tcp_ld_RTO_revert; icmp-established",
        MEASURED,
    ),
    syn_retries=Sourced(6, f"tcp_syn_retries, {_SYSCTL}", DOCUMENTED),
    connect_again_succeeds=Sourced(
        True, "af_inet.c:__inet_stream_connect, once after EINPROGRESS", MEASURED
    ),
    syn_linear=Sourced(4, f"tcp_syn_linear_timeouts, {_SYSCTL}", DOCUMENTED),
    syn_give_up=Sourced(0, "by tcp_syn_retries only", SOURCE),
    syn_ack_retries=Sourced(5, f"tcp_synack_retries, {_SYSCTL}", DOCUMENTED),
    refused_retries=Sourced(0, "connect-refused: at once", MEASURED),
    give_up=Sourced(
        GiveUp(GiveUpBy.MODEL, 15),
        "tcp_retries2; tcp_timer.c:tcp_model_timeout",
        SOURCE,
    ),
    orphan_give_up=Sourced(
        GiveUp(GiveUpBy.MODEL, 8), "tcp_orphan_retries 0 means 8", SOURCE
    ),
    give_up_sends=Sourced(Silence.NOTHING, "blackhole-write", MEASURED),
    persist_base=Sourced(PersistBase.TIMEOUT, "tcp.h:tcp_probe0_base", SOURCE),
    persist_min=Sourced(200 * MS, "TCP_RTO_MIN; zw-persist", MEASURED),
    persist_max=Sourced(120 * SECOND, "tcp_rto_max_ms", SOURCE),
    persist_retries=Sourced(15, "tcp_retries2; zw-silent", MEASURED),
    persist_idle=Sourced(0, "by tcp_retries2 only", SOURCE),
    persist_orphan_limit=Sourced(
        0, "tcp_timer.c:tcp_probe_timer: until the interval is rto_max", MEASURED
    ),
    persist_orphan_retries=Sourced(
        0, "tcp_timer.c:tcp_probe_timer: tcp_orphan_retries as it is set", SOURCE
    ),
    probe=Sourced(Probe.OLD_OCTET, "tcp_output.c:tcp_xmit_probe_skb", MEASURED),
    keepalive_always=Sourced(False, "SO_KEEPALIVE is off by default", MEASURED),
    keepalive_idle=Sourced(7200 * SECOND, "tcp_keepalive_time", DOCUMENTED),
    keepalive_interval=Sourced(75 * SECOND, "tcp_keepalive_intvl", DOCUMENTED),
    keepalive_count=Sourced(9, "tcp_keepalive_probes", DOCUMENTED),
    keepalive_probe=Sourced(Keepalive.OLD_SEQUENCE, "keepalive-timeout", MEASURED),
    keepalive_sends=Sourced(Silence.RESET, "keepalive-timeout", MEASURED),
    fin_wait_2=Sourced(60 * SECOND, "tcp_fin_timeout", MEASURED),
    fin_wait_2_sends=Sourced(Silence.NOTHING, "fw2-timeout-then-fin", MEASURED),
    linger2_max=Sourced(120 * SECOND, "TCP_FIN_TIMEOUT_MAX", SOURCE),
    time_wait=Sourced(60 * SECOND, "TCP_TIMEWAIT_LEN", SOURCE),
    max_orphans=Sourced(65536, "tcp_max_orphans", ASSUMED),
    unread_at_close=Sourced(
        UnreadAtClose.RESET, "tcp.c:__tcp_close; close-unread", MEASURED
    ),
    linger_zero_first=Sourced(False, "linger0-unread: unread wins", MEASURED),
    linger_non_blocking=Sourced(
        LingerNonBlocking.BLOCKS, "af_inet.c:inet_release; linger-nonblocking", MEASURED
    ),
    linger_expiry=Sourced(LingerExpiry.DRAINS_ON, "linger-expires", MEASURED),
    at_death=Sourced(AtDeath.CLOSES, "kill-no-unread, linger-process-exit", MEASURED),
    read_shutdown=Sourced(ReadShutdown.READABLE, "shutdown-rd-then-close", MEASURED),
    read_shutdown_discards=Sourced(
        False, "shutdown-rd-queued-then-close: ABORT_ON_CLOSE", MEASURED
    ),
    mini_sockets=Sourced(True, "tcp_minisocks.c:tcp_time_wait", MEASURED),
    reset_in_close_wait=Sourced(
        "EPIPE", "tcp_input.c:tcp_reset; close-wait-rst-so-error", MEASURED
    ),
    reset_in_crossed_open=Sourced("ECONNRESET", "tcp_input.c:tcp_reset", MEASURED),
    end_of_file_hides_error=Sourced(
        True, "tcp.c:tcp_recvmsg_locked, SOCK_DONE; write-write-epipe", MEASURED
    ),
    write_reports_error_first=Sourced(
        True, "stream.c:sk_stream_error; ECONNRESET if send is first", MEASURED
    ),
    reset_discards_unread=Sourced(False, "response-lost-by-rst", MEASURED),
    reset_before_fin=Sourced(
        True, "tcp_input.c:tcp_reset_check; inject-rst-rcvnxt-minus1", MEASURED
    ),
    reset_ends_time_wait=Sourced(True, "tcp_rfc1337=0; tw-rst", MEASURED),
    overflow=Sourced(Overflow.DROP, "overflow-drop", MEASURED),
    abort_on_overflow=Sourced(False, "tcp_abort_on_overflow=0", DOCUMENTED),
    backlog_extra=Sourced(1, "sock.h:sk_acceptq_is_full", MEASURED),
)
