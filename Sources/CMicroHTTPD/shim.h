#pragma once
#include <stdint.h>
#include <string.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <microhttpd.h>

typedef void *(*sikimr_target_callback)(void *context, const char *target, struct MHD_Connection *connection);

/// Starts a pool of epoll threads on a socket that listens already; Swift cannot call the variadic original.
static inline struct MHD_Daemon *sikimr_start(int listener, unsigned int threads, unsigned int connections, size_t memory,
                                              void *context, MHD_AccessHandlerCallback access, sikimr_target_callback target,
                                              MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connection) {
    // Over the requests of LibraryTests, strictness in 0.9.75 changes only how a missing Host and spaces in the target are
    // refused. HTTPServer refuses both itself, as problems; the library would send the head of its 400 twice.
    intptr_t strictness = MHD_VERSION >= 0x01000000 ? 1 : 0;
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_LISTEN_SOCKET, listener, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)memory, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL },
        { MHD_OPTION_STRICT_FOR_CLIENT, strictness, NULL },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)target, context },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, context },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection, context },
        { threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    // Not MHD_USE_TURBO: with 0.9.75 a client whose chunked answer broke off did not see the connection close within 10 s.
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    return MHD_start_daemon(flags, 0, NULL, NULL, access, context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/// The socket of a connection, or -1.
static inline int sikimr_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

/// How many bytes were written to a socket and have not arrived yet; 0 when the kernel cannot tell.
static inline int sikimr_unacknowledged(int socket) {
    int count = 0;
    return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : 0;
}

/// Sends a body of unknown length as HTTP/1.0 does, unframed and then closed; Swift cannot call the variadic original.
static inline void sikimr_leave_unframed(struct MHD_Response *response) {
    MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

/// What the notification of the connection's start stored for it.
static inline void *sikimr_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/// The address of the peer, or NULL.
static inline const struct sockaddr *sikimr_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/// The size of the request line and the header fields as they were received.
static inline size_t sikimr_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info == NULL ? 0 : info->header_size;
}

/// Ends the query of a target before it begins. libmicrohttpd would put every argument into the memory of the connection, and
/// leaves a request without any answer when the memory does not hold them; the query is read from a copy of the whole target.
/// The target lies in the connection's own read buffer, which is writable.
static inline void sikimr_hide_query(const char *target) {
    char *mark = (char *)strchr(target, '?');
    if (mark != NULL && mark[1] != '\0') mark[1] = '\0';
}
