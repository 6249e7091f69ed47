"""macOS, as the source of xnu says; what it shares with FreeBSD is assumed there."""

from lastack.sim.personality import (
    ASSUMED,
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

PERSONALITY = Personality(
    name="macos",
    title="macOS (xnu)",
    ttl=Sourced(64, "ip_input.c:IPDEFTTL", ASSUMED),
    ip_id=Sourced(IpId.ZERO, "ip_output.c: 0 with DF set", ASSUMED),
    mss=Sourced(1460, "as FreeBSD: Ethernet's 1500 less 40", ASSUMED),
    window=Sourced(65535, "net.inet.tcp.recvspace=131072, as 16 bits", ASSUMED),
    listen_window=Sourced(65535, "net.inet.tcp.recvspace=131072, as 16 bits", ASSUMED),
    window_in_segments=Sourced(False, "its windows are no multiples", ASSUMED),
    receive_memory=Sourced(ReceiveMemory.OCTETS, "as FreeBSD: sbspace()", ASSUMED),
    receive_buffer=Sourced(131072, "net.inet.tcp.recvspace=131072", ASSUMED),
    receive_share=Sourced(256, "all of it", ASSUMED),
    send_buffer=Sourced(131072, "net.inet.tcp.sendspace", ASSUMED),
    send_slack=Sourced(0, "no source seen", ASSUMED),
    send_buffer_max=Sourced(131072, "does not grow here", ASSUMED),
    window_scale=Sourced(6, "as FreeBSD: tcp_input.c: from sb_max 2 MiB", ASSUMED),
    timestamps=Sourced(True, "as FreeBSD: net.inet.tcp.rfc1323=1", ASSUMED),
    timestamp_tick=Sourced(MS, "TCP_RETRANSHZ 1000", ASSUMED),
    sack=Sourced(True, "as FreeBSD: net.inet.tcp.sack.enable=1", ASSUMED),
    push=Sourced(Push.EMPTIES_BUFFER, "as FreeBSD: tcp_output.c", ASSUMED),
    nagle=Sourced(Nagle.CLASSIC, "as FreeBSD: tcp_output.c", ASSUMED),
    initial_window=Sourced(10, "as FreeBSD: net.inet.tcp.initcwnd_segments", ASSUMED),
    window_update=Sourced(
        WindowUpdate.TWO_SEGMENTS, "as FreeBSD: tcp_output.c", ASSUMED
    ),
    active_reset=Sourced(
        ActiveReset(acknowledges=True, timestamps=False, window=True),
        "bsd/netinet/tcp_output.c: TH_RST has no options",
        SOURCE,
    ),
    acknowledge=Sourced(
        Acknowledge.SECOND, "as FreeBSD: tcp_input.c:DELAY_ACK", ASSUMED
    ),
    delayed_ack=Sourced(
        100 * MS, "bsd/netinet/tcp_timer.c:tcp_delack, hz/10; up to 200 ms", SOURCE
    ),
    fin_ack_delayed=Sourced(
        False, "as FreeBSD: tcp_input.c: a FIN sets TF_ACKNOW", ASSUMED
    ),
    challenge_interval=Sourced(0, "no limit is known", ASSUMED),
    checks_echo=Sourced(False, "RFC 7323 asks for no such check", ASSUMED),
    predicts_headers=Sourced(False, "RFC 9293 3.10.7.4: in order", ASSUMED),
    ack_inside_window=Sourced(False, "RFC 9293 3.4: SND.NXT", ASSUMED),
    crossed_syn_offers_all=Sourced(False, "RFC 7323 1.3, RFC 2018 2", ASSUMED),
    wake_up=Sourced(WakeUp.TICK, "bsd/netinet/tcp_timer.h:TCP_RETRANSHZ 1000", ASSUMED),
    tick=Sourced(MS, "as FreeBSD: hz=1000", ASSUMED),
    estimator=Sourced(
        Estimator.RFC6298, "as FreeBSD: tcp_input.c:tcp_xmit_timer", ASSUMED
    ),
    rto_initial=Sourced(SECOND, "bsd/netinet/tcp_timer.h:TCPTV_RTOBASE", SOURCE),
    rto_min=Sourced(30 * MS, "bsd/netinet/tcp_timer.h:TCPTV_REXMTMIN, hz/33", SOURCE),
    rto_max=Sourced(64 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_REXMTMAX", SOURCE),
    rto_slop=Sourced(
        200 * MS, "bsd/netinet/tcp_timer.h:TCPTV_REXMTSLOP, once established", SOURCE
    ),
    loss_probe=Sourced(
        False, "tcp_output.c:tcp_enable_tlp is on; its wait is not known", ASSUMED
    ),
    loss_detection=Sourced(
        LossDetection.DUPLICATES,
        "tcp_timer.h:TCPT_REORDER is RACK, since when is not known",
        ASSUMED,
    ),
    icmp_reverts_backoff=Sourced((), "no source seen", ASSUMED),
    syn_retries=Sourced(12, "bsd/netinet/tcp_timer.h:TCP_MAXRXTSHIFT", SOURCE),
    connect_again_succeeds=Sourced(False, "POSIX: EISCONN", ASSUMED),
    syn_linear=Sourced(0, "as FreeBSD: tcp_timer.c:tcp_backoff", ASSUMED),
    syn_give_up=Sourced(75 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_KEEP_INIT", SOURCE),
    syn_ack_retries=Sourced(
        3, "as FreeBSD: tcp_syncache.h:SYNCACHE_MAXREXMTS", ASSUMED
    ),
    refused_retries=Sourced(
        0, "as FreeBSD: tcp_input.c, SYN_SENT: tcp_drop at once", ASSUMED
    ),
    give_up=Sourced(
        GiveUp(GiveUpBy.COUNT, 12), "bsd/netinet/tcp_timer.h:TCP_MAXRXTSHIFT", SOURCE
    ),
    orphan_give_up=Sourced(
        GiveUp(GiveUpBy.COUNT, 12), "bsd/netinet/tcp_timer.h:TCP_MAXRXTSHIFT", SOURCE
    ),
    give_up_sends=Sourced(
        Silence.RESET, "bsd/netinet/tcp_timer.c calls tcp_drop", SOURCE
    ),
    persist_base=Sourced(
        PersistBase.VARIANCE, "as FreeBSD: tcp_output.c:tcp_setpersist", ASSUMED
    ),
    persist_min=Sourced(5 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_PERSMIN", SOURCE),
    persist_max=Sourced(60 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_PERSMAX", SOURCE),
    persist_retries=Sourced(12, "as FreeBSD: tcp_timer.c:tcp_timer_persist", ASSUMED),
    persist_idle=Sourced(
        7200 * SECOND, "bsd/netinet/tcp_timer.c:tcp_maxpersistidle", SOURCE
    ),
    persist_orphan_limit=Sourced(
        60 * SECOND, "as FreeBSD: tcp_timer.c:tcp_timer_persist, TCPTV_PERSMAX", ASSUMED
    ),
    persist_orphan_retries=Sourced(0, "no count is known", ASSUMED),
    probe=Sourced(
        Probe.NEXT_OCTET,
        "bsd/netinet/tcp_timer.h, of TCPT_PERSIST: a single octet",
        SOURCE,
    ),
    keepalive_always=Sourced(False, "bsd/netinet/tcp_timer.c:always_keepalive", SOURCE),
    keepalive_idle=Sourced(
        7200 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_KEEP_IDLE", SOURCE
    ),
    keepalive_interval=Sourced(
        75 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_KEEPINTVL", SOURCE
    ),
    keepalive_count=Sourced(8, "bsd/netinet/tcp_timer.h:TCPTV_KEEPCNT", SOURCE),
    keepalive_probe=Sourced(
        Keepalive.OLD_SEQUENCE,
        "bsd/netinet/tcp_timer.h, of TCPT_KEEP: SND.UNA - 1",
        SOURCE,
    ),
    keepalive_sends=Sourced(
        Silence.RESET, "as FreeBSD: tcp_timer.c:tcp_timer_keep calls tcp_drop", ASSUMED
    ),
    fin_wait_2=Sourced(60 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_FINWAIT2", SOURCE),
    fin_wait_2_sends=Sourced(
        Silence.RESET, "bsd/netinet/tcp_timer.c: FIN wait timeout drop", SOURCE
    ),
    linger2_max=Sourced(0, "as FreeBSD: there is no TCP_LINGER2", ASSUMED),
    time_wait=Sourced(
        30 * SECOND, "bsd/netinet/tcp_timer.h:TCPTV_MSL 15 s, twice", SOURCE
    ),
    max_orphans=Sourced(65536, "as FreeBSD: no limit is known", ASSUMED),
    unread_at_close=Sourced(
        UnreadAtClose.RESET,
        "bsd/netinet/tcp_usrreq.c:tcp_disconnect, sb_cc != 0",
        SOURCE,
    ),
    linger_zero_first=Sourced(True, "as FreeBSD: tcp_usrreq.c:tcp_disconnect", ASSUMED),
    linger_non_blocking=Sourced(
        LingerNonBlocking.RETURNS, "bsd/kern/uipc_socket.c:soclose_locked", SOURCE
    ),
    linger_expiry=Sourced(
        LingerExpiry.DRAINS_ON, "bsd/kern/uipc_socket.c: the error is masked", SOURCE
    ),
    at_death=Sourced(
        AtDeath.CLOSES, "as FreeBSD: fdescfree closes every descriptor", ASSUMED
    ),
    read_shutdown=Sourced(
        ReadShutdown.RESET, "bsd/netinet/tcp_input.c: SS_CANTRCVMORE", SOURCE
    ),
    read_shutdown_discards=Sourced(True, "as FreeBSD: uipc_socket.c:sorflush", ASSUMED),
    mini_sockets=Sourced(False, "TIME_WAIT is a tcpcb", ASSUMED),
    reset_in_close_wait=Sourced(
        "ECONNRESET", "bsd/netinet/tcp_input.c, as FreeBSD", ASSUMED
    ),
    reset_in_crossed_open=Sourced("ECONNREFUSED", "RFC 9293 3.10.7.4, second", ASSUMED),
    end_of_file_hides_error=Sourced(
        False, "as FreeBSD: uipc_socket.c:soreceive, so_error first", ASSUMED
    ),
    write_reports_error_first=Sourced(
        False, "as FreeBSD: uipc_socket.c:sosend, SBS_CANTSENDMORE first", ASSUMED
    ),
    reset_discards_unread=Sourced(
        False, "as FreeBSD: uipc_socket.c:soreceive, dontblock", ASSUMED
    ),
    reset_before_fin=Sourced(
        False, "as FreeBSD: freebsd-net/tcp-testsuite: RST left of the window", ASSUMED
    ),
    reset_ends_time_wait=Sourced(
        False, "as FreeBSD: tcp_timewait.c:tcp_twcheck drops a RST", ASSUMED
    ),
    overflow=Sourced(
        Overflow.DROP, "bsd/netinet/tcp_input.c: listen overflow", ASSUMED
    ),
    abort_on_overflow=Sourced(
        False,
        "as FreeBSD: net.inet.tcp.syncache.rst_on_sock_fail is for failures",
        ASSUMED,
    ),
    backlog_extra=Sourced(
        0, "bsd/kern/uipc_socket2.c:sonewconn_internal, soqlimitcompat", SOURCE
    ),
)
