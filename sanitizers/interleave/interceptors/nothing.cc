// Functions that do nothing: those of <sanitizer/linux_syscall_hooks.h>, by which a program announces each system call
// that its own instructions make, before and after it. The runtime sees the call itself.

asm(R"(
.text
.p2align 4
racelab_nothing:
  xor %eax, %eax
  ret
.macro hooks names:vararg
.irp name, \names
.globl __sanitizer_syscall_pre_impl_\name, __sanitizer_syscall_post_impl_\name
.type __sanitizer_syscall_pre_impl_\name,@function
.type __sanitizer_syscall_post_impl_\name,@function
.set __sanitizer_syscall_pre_impl_\name, racelab_nothing
.set __sanitizer_syscall_post_impl_\name, racelab_nothing
.endr
.endm
hooks accept,accept4,access,acct,add_key,adjtimex,alarm,bdflush,bind,brk,capget,capset,chdir,chmod,chown
hooks chroot,clock_adjtime,clock_getres,clock_gettime,clock_nanosleep,clock_settime,close,connect,creat
hooks delete_module,dup,dup2,dup3,epoll_create,epoll_create1,epoll_ctl,epoll_pwait,epoll_pwait2,epoll_wait
hooks eventfd,eventfd2,exit,exit_group,faccessat,fchdir,fchmod,fchmodat,fchmodat2,fchown,fchownat,fcntl
hooks fcntl64,fdatasync,fgetxattr,flistxattr,flock,fork,fremovexattr,fsetxattr,fstat,fstat64,fstatat64
hooks fstatfs,fstatfs64,fsync,ftruncate,futex,futimesat,get_mempolicy,get_robust_list,getcpu,getcwd
hooks getdents,getdents64,getegid,geteuid,getgid,getgroups,gethostname,getitimer,getpeername,getpgid
hooks getpgrp,getpid,getppid,getpriority,getrandom,getresgid,getresuid,getrlimit,getrusage,getsid
hooks getsockname,getsockopt,gettid,gettimeofday,getuid,getxattr,init_module,inotify_add_watch
hooks inotify_init,inotify_init1,inotify_rm_watch,io_cancel,io_destroy,io_getevents,io_setup,io_submit
hooks ioctl,ioperm,ioprio_get,ioprio_set,ipc,kexec_load,keyctl,kill,lchown,lgetxattr,link,linkat,listen
hooks listxattr,llistxattr,llseek,lookup_dcookie,lremovexattr,lseek,lsetxattr,lstat,lstat64,madvise,mbind
hooks migrate_pages,mincore,mkdir,mkdirat,mknod,mknodat,mlock,mlockall,mmap_pgoff,mount,move_pages
hooks mprotect,mq_getsetattr,mq_notify,mq_open,mq_timedreceive,mq_timedsend,mq_unlink,mremap,msgctl,msgget
hooks msgrcv,msgsnd,msync,munlock,munlockall,munmap,name_to_handle_at,nanosleep,newfstat,newfstatat
hooks newlstat,newstat,newuname,ni_syscall,nice,old_getrlimit,old_mmap,old_readdir,old_select,oldumount
hooks olduname,open,open_by_handle_at,openat,pause,pciconfig_iobase,pciconfig_read,pciconfig_write
hooks perf_event_open,personality,pipe,pipe2,pivot_root,poll,ppoll,pread64,preadv,prlimit64
hooks process_vm_readv,process_vm_writev,pselect6,ptrace,pwrite64,pwritev,quotactl,read,readlink
hooks readlinkat,readv,reboot,recv,recvfrom,recvmmsg,recvmsg,remap_file_pages,removexattr,rename,renameat
hooks request_key,restart_syscall,rmdir,rt_sigaction,rt_sigpending,rt_sigprocmask,rt_sigqueueinfo
hooks rt_sigtimedwait,rt_tgsigqueueinfo,sched_get_priority_max,sched_get_priority_min,sched_getaffinity
hooks sched_getparam,sched_getscheduler,sched_rr_get_interval,sched_setaffinity,sched_setparam
hooks sched_setscheduler,sched_yield,select,semctl,semget,semop,semtimedop,send,sendfile,sendfile64
hooks sendmmsg,sendmsg,sendto,set_mempolicy,set_robust_list,set_tid_address,setdomainname,setfsgid
hooks setfsuid,setgid,setgroups,sethostname,setitimer,setns,setpgid,setpriority,setregid,setresgid
hooks setresuid,setreuid,setrlimit,setsid,setsockopt,settimeofday,setuid,setxattr,sgetmask,shmat,shmctl
hooks shmdt,shmget,shutdown,sigaction,sigaltstack,signal,signalfd,signalfd4,sigpending,sigprocmask,socket
hooks socketcall,socketpair,splice,spu_create,spu_run,ssetmask,stat,stat64,statfs,statfs64,stime,swapoff
hooks swapon,symlink,symlinkat,sync,syncfs,sysctl,sysfs,sysinfo,syslog,tee,tgkill,time,timer_create
hooks timer_delete,timer_getoverrun,timer_gettime,timer_settime,timerfd_create,timerfd_gettime
hooks timerfd_settime,times,tkill,truncate,umask,umount,uname,unlink,unlinkat,unshare,uselib,ustat,utime
hooks utimensat,utimes,vfork,vhangup,vmsplice,wait4,waitid,waitpid,write,writev
.purgem hooks

# What a program may define, for this to call it: its options, its wishes to be told of a report, of coverage.
.macro callbacks names:vararg
.irp name, \names
.weak \name
.type \name,@function
.set \name, racelab_nothing
.endr
.endm
callbacks __tsan_test_only_on_fork,__sanitizer_cov_8bit_counters_init,__sanitizer_cov_bool_flag_init,__sanitizer_cov_dump
callbacks __sanitizer_cov_load1,__sanitizer_cov_load16,__sanitizer_cov_load2,__sanitizer_cov_load4
callbacks __sanitizer_cov_load8,__sanitizer_cov_pcs_init,__sanitizer_cov_reset,__sanitizer_cov_store1
callbacks __sanitizer_cov_store16,__sanitizer_cov_store2,__sanitizer_cov_store4,__sanitizer_cov_store8
callbacks __sanitizer_cov_trace_cmp,__sanitizer_cov_trace_cmp1,__sanitizer_cov_trace_cmp2
callbacks __sanitizer_cov_trace_cmp4,__sanitizer_cov_trace_cmp8,__sanitizer_cov_trace_const_cmp1
callbacks __sanitizer_cov_trace_const_cmp2,__sanitizer_cov_trace_const_cmp4,__sanitizer_cov_trace_const_cmp8
callbacks __sanitizer_cov_trace_div4,__sanitizer_cov_trace_div8,__sanitizer_cov_trace_gep
callbacks __sanitizer_cov_trace_pc_guard,__sanitizer_cov_trace_pc_guard_init,__sanitizer_cov_trace_pc_indir
callbacks __sanitizer_cov_trace_switch,__sanitizer_weak_hook_memcmp,__sanitizer_weak_hook_memmem
callbacks __sanitizer_weak_hook_strcasecmp,__sanitizer_weak_hook_strcasestr,__sanitizer_weak_hook_strcmp
callbacks __sanitizer_weak_hook_strncasecmp,__sanitizer_weak_hook_strncmp,__sanitizer_weak_hook_strstr
callbacks __sanitizer_dump_coverage,__sanitizer_dump_trace_pc_guard_coverage,__sanitizer_malloc_hook
callbacks __sanitizer_free_hook,__sanitizer_ignore_free_hook,__sanitizer_on_print,__tsan_default_options
callbacks __tsan_default_suppressions,__tsan_on_report,__ubsan_default_options,__ubsan_on_report
callbacks __sancov_default_options,__tsan_symbolize_external,__tsan_symbolize_external_ex,_ZN6__tsan10OnFinalizeEb
callbacks _ZN6__tsan12OnInitializeEv,_ZN6__tsan30OnPotentiallyBlockingRegionEndEv
callbacks _ZN6__tsan32OnPotentiallyBlockingRegionBeginEv,_ZN6__tsan8OnReportEPKNS_10ReportDescEb
callbacks _ZN7__ubsan31RegisterUndefinedBehaviorReportEPNS_23UndefinedBehaviorReportE
.purgem callbacks

.bss
.weak __sancov_lowest_stack
.type __sancov_lowest_stack,@object
__sancov_lowest_stack:
  .quad 0
.size __sancov_lowest_stack, 8
.weak _ZN6__tsan22cur_thread_placeholderE, _ZN11__sanitizerL4dtlsE
.type _ZN6__tsan22cur_thread_placeholderE,@object
_ZN6__tsan22cur_thread_placeholderE:
_ZN11__sanitizerL4dtlsE:
  .quad 0
)");
