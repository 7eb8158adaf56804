//! Live orders by index, found by order id, and the chain of orders of each account.

use super::table::Table;
use crate::foresight::hint;
use crate::state::{Account, Order, OrderAt, Terms, TermsAt};

/// End of a chain of orders.
pub(crate) const NO_ORDER: OrderAt = OrderAt::MAX;

/// Every live order of the house. A freed place is the first one taken again.
#[derive(Default)]
pub struct Orders {
    cells: Vec<Order>,
    table: Table,
    /// First freed place; each names the next one.
    free: Freed,
    terms: Vec<Terms>,
    free_terms: Vec<TermsAt>,
}

/// A freed place, if there is one.
struct Freed(OrderAt);

impl Default for Freed {
    fn default() -> Self {
        Self(NO_ORDER)
    }
}

impl Orders {
    /// Live orders.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// True without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Where an order is, if it is live.
    #[inline]
    #[must_use]
    pub fn find(&self, order: u64) -> Option<OrderAt> {
        self.table.find(order, |at| self.cells[at as usize].order)
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

    /// The terms few orders have, of the order at an index in use.
    #[inline]
    #[must_use]
    pub fn terms(&self, at: OrderAt) -> Terms {
        self.terms_of(self.at(at))
    }

    /// The terms few orders have, of a live order.
    #[inline]
    #[must_use]
    pub fn terms_of(&self, order: &Order) -> Terms {
        if order.special {
            self.terms[order.terms as usize]
        } else {
            Terms::default()
        }
    }

    /// Lots the next slice of an order shows.
    #[inline]
    #[must_use]
    pub fn slice_lots(&self, at: OrderAt) -> i64 {
        let lots = self.at(at).lots;
        match self.terms(at).display_lots {
            0 => lots,
            shown => lots.min(shown),
        }
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

    /// The order at an index, which may be none or freed.
    #[inline]
    pub(crate) fn get(&self, at: OrderAt) -> Option<&Order> {
        self.cells.get(at as usize)
    }

    /// Where an order may be; whoever uses it looks whether it is so.
    #[inline]
    pub(crate) fn guess(&self, order: u64) -> Option<OrderAt> {
        self.table.guess(order)
    }

    /// Asks for the index entry of an order.
    #[inline]
    pub(crate) fn foresee(&self, order: u64) {
        self.table.foresee(order);
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
    pub(crate) fn insert(
        &mut self,
        mut order: Order,
        terms: Terms,
        account: &mut Account,
    ) -> OrderAt {
        order.next = account.first_order;
        order.prev = NO_ORDER;
        order.special = terms != Terms::default();
        if order.special {
            order.terms = self.keep_terms(terms);
        }
        let fresh = self.free.0 == NO_ORDER;
        let at = if fresh {
            self.cells.len() as OrderAt
        } else {
            self.free.0
        };
        if order.next != NO_ORDER {
            self.cells[order.next as usize].prev = at;
        }
        account.first_order = at;
        account.live_orders += 1;
        self.table.insert(order.order, at);
        if fresh {
            self.cells.push(order);
        } else {
            let cell = &mut self.cells[at as usize];
            self.free.0 = cell.next;
            *cell = order;
        }
        at
    }

    #[cold]
    fn keep_terms(&mut self, terms: Terms) -> TermsAt {
        if let Some(at) = self.free_terms.pop() {
            self.terms[at as usize] = terms;
            return at;
        }
        self.terms.push(terms);
        self.terms.len() as TermsAt - 1
    }

    /// Strikes out an order of its account.
    #[inline]
    pub(crate) fn remove(&mut self, at: OrderAt, account: &mut Account) {
        let cell = &mut self.cells[at as usize];
        let (order, next, prev) = (cell.order, cell.next, cell.prev);
        cell.order = 0;
        cell.next = std::mem::replace(&mut self.free.0, at);
        if cell.special {
            self.free_terms.push(cell.terms);
        }
        if prev == NO_ORDER {
            account.first_order = next;
        } else {
            self.cells[prev as usize].next = next;
        }
        if next != NO_ORDER {
            self.cells[next as usize].prev = prev;
        }
        account.live_orders -= 1;
        self.table.remove(order, at);
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Order>()
            + self.terms.capacity() * size_of::<Terms>()
            + self.free_terms.capacity() * size_of::<TermsAt>()
            + self.table.memory_bytes()
    }
}
