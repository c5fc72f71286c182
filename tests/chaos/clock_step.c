/* Steps the wall clock of one process: every reading of it is moved by the nanoseconds that stand, as eight bytes, in
   the file that LOTI_CLOCK_STEP names. What counts time from some start (CLOCK_MONOTONIC) is left alone, as it is when
   an operator sets a machine's clock. clocks.py compiles it; LD_PRELOAD brings it in. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

static volatile int64_t unmoved = 0;
static volatile int64_t *step = &unmoved;
static int (*ask)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    ask = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *named = getenv("LOTI_CLOCK_STEP");
    int file = named ? open(named, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) step = shared;
    close(file);
}

int clock_gettime(clockid_t which, struct timespec *now) {
    if (!ask) ask = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = ask(which, now);
    if (failed || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE)) return failed;
    int64_t moved = now->tv_sec * SECOND + now->tv_nsec + *step;
    now->tv_sec = moved / SECOND;
    now->tv_nsec = moved % SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec moved;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &moved);
    now->tv_sec = moved.tv_sec;
    now->tv_usec = moved.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into) {
    struct timespec moved;
    clock_gettime(CLOCK_REALTIME, &moved);
    if (into) *into = moved.tv_sec;
    return moved.tv_sec;
}
