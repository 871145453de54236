//! The memory allocator of programs that run many scripts: mimalloc, behind the standard interface.
//!
//! A program chooses it with `#[global_allocator]`; a library must not. It is here, and not with the program, because this is
//! where `unsafe` may be.
//!
//! The crate `mimalloc` does the same by asking for an alignment every time. For sizes that are no power of two that misses
//! the list of free blocks as soon as it is empty, and from then on takes the slow way, a block of the next size, and the
//! slow way back when it is freed: half of all that a task allocates. mimalloc's ordinary functions promise the alignment
//! that nearly everything is content with.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys::{
    mi_free, mi_malloc, mi_malloc_aligned, mi_realloc, mi_realloc_aligned, mi_zalloc, mi_zalloc_aligned,
};

/// What blocks of at least this size are aligned to without being asked, and smaller ones to their size: `MI_MAX_ALIGN_SIZE`.
const ALIGNED: usize = 16;

/// mimalloc; see the module documentation.
pub struct Allocator;

/// Whether a block of this size is aligned as it should without being asked.
fn is_aligned(size: usize, align: usize) -> bool {
    align <= ALIGNED && align <= size
}

// SAFETY: mimalloc's functions are an allocator as the trait describes it: blocks they return are of the size asked for, are
// not returned again before they are freed, are aligned as asked for or as `is_aligned` says, and null stands for failure.
// Both kinds of functions may free and resize blocks of the other kind.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        // SAFETY: any size and any power of two are valid arguments.
        unsafe { if is_aligned(size, align) { mi_malloc(size) } else { mi_malloc_aligned(size, align) }.cast() }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        // SAFETY: as for `alloc`.
        unsafe { if is_aligned(size, align) { mi_zalloc(size) } else { mi_zalloc_aligned(size, align) }.cast() }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: the caller promises that the block is one of ours.
        unsafe { mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let align = layout.align();
        // SAFETY: the caller promises that the block is one of ours; the rest is as for `alloc`.
        unsafe {
            let block = block.cast();
            if is_aligned(size, align) { mi_realloc(block, size) } else { mi_realloc_aligned(block, size, align) }
                .cast()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_and_keep_what_is_in_them() {
        for align in [1, 2, 4, 8, 16, 32, 64, 4096] {
            for size in (1..200).chain([512, 1000, 4096, 100_000]) {
                let layout = Layout::from_size_align(size, align).expect("a power of two");
                // SAFETY: the blocks are used within their sizes and freed once, with the layout they have then.
                unsafe {
                    let blocks: Vec<*mut u8> = (0..4).map(|_| Allocator.alloc(layout)).collect();
                    for (&block, fill) in blocks.iter().zip(1..) {
                        assert!(!block.is_null() && block.addr().is_multiple_of(align), "{layout:?}");
                        block.write_bytes(fill, size);
                    }
                    for (&block, fill) in blocks.iter().zip(1..) {
                        let grown = Allocator.realloc(block, layout, size * 3);
                        assert!(!grown.is_null() && grown.addr().is_multiple_of(align), "{layout:?}");
                        assert!(std::slice::from_raw_parts(grown, size).iter().all(|&byte| byte == fill));
                        let grown_layout = Layout::from_size_align(size * 3, align).expect("a power of two");
                        Allocator.dealloc(grown, grown_layout);
                    }
                    let zeroed = Allocator.alloc_zeroed(layout);
                    assert!(zeroed.addr().is_multiple_of(align));
                    assert!(std::slice::from_raw_parts(zeroed, size).iter().all(|&byte| byte == 0));
                    Allocator.dealloc(zeroed, layout);
                }
            }
        }
    }
}
