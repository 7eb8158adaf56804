//! Live orders by index, found by order id, and the chain of orders of each account.

use crate::book::{OrderIndex, Place as Standing};
use crate::foresight::hint;
use crate::state::{Account, Order, OrderAt};

/// End of a chain of orders.
pub(crate) const NO_ORDER: OrderAt = OrderAt::MAX;

/// Every live order of the house. A freed place is the first one taken again.
#[derive(Default)]
pub struct Orders {
    cells: Vec<Order>,
    free: Vec<OrderAt>,
    index: OrderIndex,
}

impl Orders {
    /// Live orders.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// True without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Where an order is, if it is live.
    #[inline]
    #[must_use]
    pub fn find(&self, order: u64) -> Option<OrderAt> {
        self.index.get(order).map(|standing| standing.slot)
    }

    /// The order at an index in use.
    #[inline]
    #[must_use]
    pub fn at(&self, at: OrderAt) -> &Order {
        &self.cells[at as usize]
    }

    /// The order at an index in use.
    #[inline]
    pub(crate) fn at_mut(&mut self, at: OrderAt) -> &mut Order {
        &mut self.cells[at as usize]
    }

    /// Every live order, in no order that may matter.
    pub fn iter(&self) -> impl Iterator<Item = &Order> {
        self.cells.iter().filter(|order| order.order != 0)
    }

    /// Live orders of an account, the newest first.
    pub fn of_account<'a>(&'a self, account: &Account) -> impl Iterator<Item = &'a Order> + 'a {
        let mut at = account.first_order;
        std::iter::from_fn(move || {
            if at == NO_ORDER {
                return None;
            }
            let order = &self.cells[at as usize];
            at = order.next;
            Some(order)
        })
    }

    /// Asks for the index entry of an order.
    #[inline]
    pub(crate) fn foresee(&self, order: u64) {
        self.index.foresee(order);
    }

    /// Asks for the orders of the account beside one.
    #[inline]
    pub(crate) fn foresee_neighbours(&self, order: &Order) {
        self.foresee_newest(order.next);
        self.foresee_newest(order.prev);
    }

    /// Asks for an order at an index, if there is one.
    #[inline]
    pub(crate) fn foresee_newest(&self, at: OrderAt) {
        if let Some(order) = self.cells.get(at as usize) {
            hint(&raw const *order);
        }
    }

    /// Enters a live order of its account.
    #[inline]
    pub(crate) fn insert(&mut self, mut order: Order, account: &mut Account) -> OrderAt {
        order.next = account.first_order;
        order.prev = NO_ORDER;
        let at = self.free.pop().unwrap_or(self.cells.len() as OrderAt);
        if order.next != NO_ORDER {
            self.cells[order.next as usize].prev = at;
        }
        account.first_order = at;
        account.live_orders += 1;
        let standing = Standing {
            series: order.series,
            slot: at,
        };
        self.index.insert(order.order, standing);
        if at as usize == self.cells.len() {
            self.cells.push(order);
        } else {
            self.cells[at as usize] = order;
        }
        at
    }

    /// Strikes out an order of its account.
    #[inline]
    pub(crate) fn remove(&mut self, at: OrderAt, account: &mut Account) {
        let Order {
            order, next, prev, ..
        } = self.cells[at as usize];
        if prev == NO_ORDER {
            account.first_order = next;
        } else {
            self.cells[prev as usize].next = next;
        }
        if next != NO_ORDER {
            self.cells[next as usize].prev = prev;
        }
        account.live_orders -= 1;
        self.index.remove(order);
        self.cells[at as usize].order = 0;
        self.free.push(at);
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Order>()
            + self.free.capacity() * size_of::<OrderAt>()
            + self.index.memory_bytes()
    }
}
