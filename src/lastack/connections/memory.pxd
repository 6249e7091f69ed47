# The compiled form of memory.py.
cdef extern from *:
    """
    #if defined(__linux__)
    #include <stdint.h>
    #include <sys/mman.h>
    #endif

    #if defined(MADV_HUGEPAGE) && !defined(Py_GIL_DISABLED)

    /* Python's small objects live in arenas of 1 MiB. Arenas that lie side by side
       in a region of whole huge pages take one page fault for two of them. */
    #define LASTACK_HUGE ((size_t)2 << 20)
    #define LASTACK_REGION ((size_t)32 << 20)

    static char *lastack_free = NULL, *lastack_end = NULL;

    static void *lastack_arena(void *context, size_t size) {
        char *arena;
        if (size > (size_t)(lastack_end - lastack_free)) {
            size_t length = LASTACK_REGION > size ? LASTACK_REGION : size;
            char *region = mmap(NULL, length + LASTACK_HUGE, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (region == MAP_FAILED)
                return NULL;
            region = (char *)(((uintptr_t)region + LASTACK_HUGE - 1)
                              & ~(uintptr_t)(LASTACK_HUGE - 1));
            madvise(region, length, MADV_HUGEPAGE);
            lastack_free = region;
            lastack_end = region + length;
        }
        arena = lastack_free;
        lastack_free += size;
        return arena;
    }

    static void lastack_arena_free(void *context, void *arena, size_t size) {
        munmap(arena, size);
    }

    static void lastack_huge_pages(void) {
        static int asked = 0;
        PyObjectArenaAllocator huge = {NULL, lastack_arena, lastack_arena_free};
        if (!asked)
            PyObject_SetArenaAllocator(&huge);
        asked = 1;
    }

    #else
    #define lastack_huge_pages() ((void)0)
    #endif
    """
    void lastack_huge_pages() noexcept


cdef inline void in_huge_pages() noexcept:
    lastack_huge_pages()
