//! Work that several threads share, with the results of one.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns how many threads can run at once.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does something with each item, and returns the results in the order of the items, however many threads share the work.
pub fn share_out<I: Sync, R: Send>(items: &[I], threads: usize, work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let threads = threads.min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    // What stands last takes longest (the documents of the capabilities), so it is begun first.
    let left = AtomicUsize::new(items.len());
    let take = || left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok().map(|taken| taken - 1);
    let share = || std::iter::from_fn(take).map(|index| (index, work(&items[index]))).collect::<Vec<_>>();
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
        let own = share();
        own.into_iter().chain(others.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|cause| resume_unwind(cause)))).collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..200).collect();
        let slow_first = |item: &usize| (0..(200 - item) * 500).fold(*item, |sum, step| std::hint::black_box(sum ^ step ^ step));
        assert_eq!(share_out(&items, 4, slow_first), items);
        assert_eq!(share_out::<usize, usize>(&[], 4, |item| *item), Vec::<usize>::new());
    }
}
