//! Circles and orders in graphs of indices.

/// Returns one circle in a graph, if there is one, in the order of its edges.
pub(super) fn cycle(edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    // 0 not seen, 1 on the path, 2 done; an explicit stack, since a kit may chain thousands.
    let mut state = vec![0u8; edges.len()];
    for start in 0..edges.len() {
        if state[start] != 0 {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        state[start] = 1;
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(&to) = edges[node].get(*next) {
                *next += 1;
                match state.get(to) {
                    Some(0) => {
                        state[to] = 1;
                        path.push((to, 0));
                    }
                    Some(1) => {
                        let from = path.iter().position(|(on_path, _)| *on_path == to)?;
                        return Some(path[from..].iter().map(|(on_path, _)| *on_path).collect());
                    }
                    _ => {}
                }
            } else {
                state[node] = 2;
                path.pop();
            }
        }
    }
    None
}

/// Returns the nodes of a graph without circles, each after those it points to.
pub(super) fn after_their_needs(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if *next == 0 && std::mem::replace(&mut seen[node], true) {
                path.pop();
                continue;
            }
            if let Some(&to) = edges[node].get(*next) {
                *next += 1;
                if !seen[to] {
                    path.push((to, 0));
                }
            } else {
                order.push(node);
                path.pop();
            }
        }
    }
    order
}
