// SPDX-License-Identifier: BSL-1.0
// What a program says when it ends by `ashlar::fatal`.
#pragma once

#include <csignal>
#include <cstdio>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace support {

struct ending {
    bool aborted = false;
    std::string message;  // standard error
};

/// Runs `work` in a child process and reads its standard error.
template <class Work> ending ending_of(const Work& work) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) return {};
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        ::close(ends[0]);
        std::signal(SIGABRT, SIG_DFL);  // the test framework's handler would report a failure
        work();
        _exit(0);
    }
    ::close(ends[1]);
    ending e;
    char part[256];
    for (ssize_t n = 0; (n = read(ends[0], part, sizeof part)) > 0;)
        e.message.append(part, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    e.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return e;
}

}  // namespace support
