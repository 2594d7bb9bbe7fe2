/* Makes a process wait each time it asks its disk to keep something, while the file named by SLOW_SWITCH exists. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_if_slow(void) {
    const char *path = getenv("SLOW_SWITCH"), *text = getenv("SLOW_MILLISECONDS");
    int before = errno;
    if (path && access(path, F_OK) == 0) {
        long milliseconds = text ? atol(text) : 300;
        struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
        while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
    }
    errno = before;
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_if_slow();
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_if_slow();
    return real(file);
}
