#include "engine/sandbox.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

/* AddressSanitizer reserves terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_LIMITS_ADDRESSES false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_LIMITS_ADDRESSES false
#endif
#endif
#ifndef SANDBOX_LIMITS_ADDRESSES
#define SANDBOX_LIMITS_ADDRESSES true
#endif

static bool limit(int resource, rlim_t value) {
    struct rlimit before;
    if (getrlimit((__rlimit_resource_t)resource, &before) != 0) return false;
    if (before.rlim_max != RLIM_INFINITY && value > before.rlim_max) value = before.rlim_max;
    struct rlimit after = {.rlim_cur = value, .rlim_max = value};
    return setrlimit((__rlimit_resource_t)resource, &after) == 0;
}

/* Rights on files that came with later versions of Landlock than Debian 12's headers know. */
#define LANDLOCK_REFER (1ULL << 13)
#define LANDLOCK_TRUNCATE (1ULL << 14)
#define LANDLOCK_IOCTL (1ULL << 15)
#define LANDLOCK_READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define LANDLOCK_FIRST_RIGHTS ((1ULL << 13) - 1)

/* struct landlock_ruleset_attr of Landlock's sixth version; earlier kernels take its beginning. */
typedef struct {
    uint64_t files, network, scopes;
} LandlockRules;

/* Everything but reading is refused, below every path. A kernel without Landlock is no failure: the system call filter remains. */
static void make_files_read_only(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return;
    LandlockRules rules = {.files = LANDLOCK_FIRST_RIGHTS & ~(uint64_t)LANDLOCK_READS};
    if (version >= 2) rules.files |= LANDLOCK_REFER;
    if (version >= 3) rules.files |= LANDLOCK_TRUNCATE;
    if (version >= 5) rules.files |= LANDLOCK_IOCTL;
    if (version >= 4) rules.network = 3; /* bind and connect of TCP */
    if (version >= 6) rules.scopes = 3;  /* abstract sockets and signals of others */
    size_t size = version >= 6 ? sizeof rules : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0U);
    if (set < 0) return;
    syscall(SYS_landlock_restrict_self, set, 0U);
    close(set);
}

bool sandbox_begin(size_t memory_bytes, int timeout_ms, int threads, Err *err) {
    rlim_t seconds = (rlim_t)(timeout_ms + WORKER_GRACE_MS) / 1000 + 1;
    bool ok = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
              limit(RLIMIT_NOFILE, WORKER_OPEN_FILES) && limit(RLIMIT_CPU, seconds * (rlim_t)threads);
    if (SANDBOX_LIMITS_ADDRESSES) ok = ok && limit(RLIMIT_AS, memory_bytes + WORKER_ADDRESS_BYTES);
    if (!ok)
        return err_set(err, ERR_INTERNAL, "The query process could not be limited (%s): typed SQL cannot run here",
                       strerror(errno));
    make_files_read_only();
    return true;
}

/* Computing, memory, threads of its own, time, and using what is open already. */
static const int allowed_calls[] = {
    SCMP_SYS(read),          SCMP_SYS(pread64),         SCMP_SYS(readv),
    SCMP_SYS(preadv),        SCMP_SYS(write),           SCMP_SYS(writev),
    SCMP_SYS(close),         SCMP_SYS(fstat),           SCMP_SYS(lseek),
    SCMP_SYS(fadvise64),     SCMP_SYS(readahead),       SCMP_SYS(munmap),
    SCMP_SYS(mremap),        SCMP_SYS(madvise),         SCMP_SYS(brk),
    SCMP_SYS(futex),         SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(membarrier),    SCMP_SYS(sched_yield),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),        SCMP_SYS(nanosleep),       SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),          SCMP_SYS(getpid),          SCMP_SYS(gettid),
    SCMP_SYS(getuid),        SCMP_SYS(geteuid),         SCMP_SYS(getgid),
    SCMP_SYS(getegid),       SCMP_SYS(getrusage),       SCMP_SYS(times),
    SCMP_SYS(sysinfo),       SCMP_SYS(uname),           SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),   SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* Threads, never processes or namespaces; memory, never executable; signals to itself only (abort). Everything else, among it open,
 * socket, execve, ptrace, fork, kill, rename, unlink, mount and io_uring, fails with "permission denied". */
static bool add_rules(scmp_filter_ctx filter) {
    const uint64_t new_things =
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    bool ok = true;
    for (size_t i = 0; i < sizeof allowed_calls / sizeof *allowed_calls; i++)
        ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0) == 0;
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | new_things, CLONE_THREAD)) == 0;
    /* The flags of clone3 are out of the filter's sight; the library then takes clone. */
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    ok = ok &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0)) == 0;
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0)) == 0;
    ok = ok &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)) == 0;
    /* prlimit64 without new values asks only. */
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0;
    return ok;
}

bool sandbox_seal(Err *err) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EACCES));
    /* The engine's threads run already: the filter is for all of them. */
    bool ok = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && add_rules(filter) &&
              limit(RLIMIT_NOFILE, 0) && seccomp_load(filter) == 0;
    if (filter) seccomp_release(filter);
    return ok ||
           err_set(err, ERR_INTERNAL,
                   "The query process could not be closed off (this kernel has no seccomp filter): typed SQL cannot run here");
}
