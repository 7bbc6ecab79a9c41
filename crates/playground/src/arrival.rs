//! Whether the page's second program is there, for those who wait for it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::cloud_host::CloudHost;

/// The second program; `None` when it does not come.
pub type Arrived = Option<Rc<dyn CloudHost>>;

type Listener = Box<dyn FnOnce(Arrived)>;

enum Arrival {
    Awaited(Vec<Listener>),
    Known(Arrived),
}

thread_local! {
    static ARRIVAL: RefCell<Arrival> = const { RefCell::new(Arrival::Awaited(Vec::new())) };
}

/// Calls at once if it is known whether the second program comes, and as soon as it is known otherwise.
pub fn when_known(listener: impl FnOnce(Arrived) + 'static) {
    let known = ARRIVAL.with_borrow_mut(|arrival| match arrival {
        Arrival::Known(arrived) => Some(arrived.clone()),
        Arrival::Awaited(_) => None,
    });
    match known {
        Some(arrived) => listener(arrived),
        None => ARRIVAL.with_borrow_mut(|arrival| {
            if let Arrival::Awaited(listeners) = arrival {
                listeners.push(Box::new(listener));
            }
        }),
    }
}

/// The second program, if it is there.
pub fn here() -> Arrived {
    ARRIVAL.with_borrow(|arrival| match arrival {
        Arrival::Known(arrived) => arrived.clone(),
        Arrival::Awaited(_) => None,
    })
}

/// Says that the second program is there, or that it does not come; what was said first holds.
pub fn say(arrived: Arrived) {
    let listeners = ARRIVAL.with_borrow_mut(|arrival| match arrival {
        Arrival::Known(_) => Vec::new(),
        Arrival::Awaited(listeners) => {
            let listeners = std::mem::take(listeners);
            *arrival = Arrival::Known(arrived.clone());
            listeners
        }
    });
    for listener in listeners {
        listener(arrived.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::cloud_host::Here;

    #[test]
    fn who_waits_and_who_comes_late_hear_the_same_once() {
        let heard = Rc::new(Cell::new(0));
        let listen = || {
            let heard = heard.clone();
            move |arrived: Arrived| heard.set(heard.get() + if arrived.is_some() { 1 } else { 100 })
        };
        when_known(listen());
        when_known(listen());
        assert_eq!(heard.get(), 0);
        assert!(here().is_none());
        say(Some(Here::host()));
        assert_eq!(heard.get(), 2);
        say(None);
        when_known(listen());
        assert_eq!(heard.get(), 3);
        assert!(here().is_some());
    }
}
