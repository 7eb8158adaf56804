//! A house open for trading: members, accounts with money, series, a margin table.

use lasalle_house::House;
use lasalle_house::frame::{List, Message, Seal, Text, seal};
use lasalle_house::wire::{
    AccountKind, ActivateMarginTable, ActorNumber, Approve, BeginMarginTable, Deposit, Genesis,
    ListSeries, LoadMarginRow, OpenAccount, Propose, RegisterActor, RegisterMember, ScanRow,
    Scenario, ScenarioKind, ScenarioLoss, SeriesKind, SeriesState, SetSeriesState, role,
};

/// 2026-01-01 00:00 UTC.
const START: i64 = 1_767_225_600_000_000_000;
/// Micro-dollars of a tick.
pub(crate) const TICK: i64 = 1_000;
/// Ticks of the first mark: 2.50 USD.
pub(crate) const MIDDLE: i64 = 2_500;
const HOURS: u32 = 744;
const GROUPS: u16 = 4;
const REFUSED: u16 = lasalle_house::wire::Refused::KIND;

/// Numbers of a seed, by splitmix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From zero up to below `most`.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

/// A house and everything it was asked.
pub(crate) struct World {
    /// The house.
    pub(crate) house: House,
    /// Series, numbered from 1.
    pub(crate) series: u32,
    /// Accounts, numbered from 1, shared out among the members in turn.
    pub(crate) accounts: u32,
    /// Members, numbered from 1; member n trades through actor 100 + n.
    members: u32,
    /// Frames asked and not yet taken away.
    pub(crate) frames: Vec<u8>,
    /// Events of the last batch.
    pub(crate) told: Vec<u8>,
    number: u64,
    time: i64,
    pending: usize,
}

impl World {
    /// A house open for trading.
    pub(crate) fn new(series: u32, accounts: u32, members: u32, scenarios: usize) -> Self {
        let mut world = Self {
            house: House::new(),
            series,
            accounts,
            members,
            frames: Vec::new(),
            told: Vec::new(),
            number: 0,
            time: START,
            pending: 0,
        };
        world.open_house();
        world.open_accounts();
        world.list_series();
        world.load_table(scenarios);
        for series in 1..=series {
            let state = SeriesState::Open;
            world.ask(&SetSeriesState { series, state }, 1, 1);
        }
        world.flush();
        world
    }

    /// Member of an account.
    fn member(&self, account: u32) -> u32 {
        1 + (account - 1) % self.members
    }

    /// Actor that trades for an account.
    pub(crate) fn trader(&self, account: u32) -> u32 {
        100 + self.member(account)
    }

    /// Puts a command into the batch; gives its number.
    pub(crate) fn ask<M: Message>(&mut self, command: &M, actor: u32, span: u16) -> u64 {
        self.number += 1;
        self.time += 1_000;
        let stands = Seal {
            number: self.number,
            time: self.time,
            cause: 0,
            actor,
            span,
        };
        seal(command, stands, &mut self.frames);
        self.number
    }

    /// Has the house take the batch; its events are in `told`.
    pub(crate) fn take(&mut self) {
        self.told.clear();
        let batch = &self.frames[self.pending..];
        self.house
            .take(batch, &mut self.told)
            .expect("the batch continues the log");
        self.pending = self.frames.len();
    }

    /// Takes the batch; nothing of it is refused.
    fn flush(&mut self) {
        self.take();
        let mut at = 0;
        while at < self.told.len() {
            let header = lasalle_house::frame::read_header(&self.told[at..]).expect("an event");
            assert_ne!(header.kind, REFUSED, "command {} is refused", header.cause);
            at += header.length;
        }
    }

    /// Takes the frames asked so far away.
    pub(crate) fn taken_away(&mut self) {
        self.pending = 0;
    }

    fn ask_two<M: Message>(&mut self, command: &M) {
        let mut payload = Vec::new();
        command.pack(&mut payload);
        let propose = Propose {
            command: M::KIND,
            payload: &payload,
        };
        let proposal = self.ask(&propose, 1, 1);
        self.ask(&Approve { proposal }, 2, 1);
    }

    fn open_house(&mut self) {
        let operators = [ActorNumber { actor: 1 }, ActorNumber { actor: 2 }];
        let genesis = Genesis {
            name: Text::of("Bench").expect("a name"),
            behaviour: 0,
            operators: List::Own(&operators),
        };
        self.ask(&genesis, 0, 1);
    }

    fn open_accounts(&mut self) {
        let money = (500_000_000_000_000_000 / i64::from(self.accounts)).min(100_000_000_000_000);
        for member in 1..=self.members {
            let name = Text::of(&format!("member-{member}")).expect("a name");
            self.ask_two(&RegisterMember { member, name });
            self.ask_two(&RegisterActor {
                registered: 100 + member,
                member,
                roles: role::TRADER,
            });
        }
        for account in 1..=self.accounts {
            self.ask_two(&OpenAccount {
                account,
                member: self.member(account),
                account_kind: AccountKind::House,
                owner: account,
                position_limit: 2_000_000,
                order_lots_limit: 100_000,
                order_value_limit: 1_000_000_000_000_000,
            });
            let deposit = Deposit {
                account,
                asset: 1,
                amount: money,
                reference: Text::of("first").expect("a reference"),
                reference_time: 0,
            };
            self.ask(&deposit, 1, 1);
        }
    }

    fn list_series(&mut self) {
        for series in 1..=self.series {
            let listing = ListSeries {
                series,
                symbol: Text::of(&format!("H100-{series}")).expect("a symbol"),
                series_kind: SeriesKind::Future,
                group: group_of(series),
                index: 1,
                first_month: 202_603,
                last_month: 202_603,
                hours: HOURS,
                tick: TICK,
                strike: 0,
                reference_price: MIDDLE * TICK,
                band: 2_000,
                pause_range: 1_000,
                pause_duration: 300_000_000_000,
                protection: 100,
                maker_fee: 10_000,
                taker_fee: 20_000,
                clearing_fee: 10_000,
                last_trading_time: START + 90 * 86_400_000_000_000,
                standard_version: 0,
                standard_hash: [0; 32],
                period_ends: 0,
                delivers: false,
            };
            self.ask(&listing, 1, 1);
        }
    }

    /// A quarter of the scenarios scan four groups, a tenth are stress, the rest history.
    fn load_table(&mut self, scenarios: usize) {
        let (scan, stress) = (scenarios / 4, scenarios / 10);
        let label = |s: usize| match s {
            s if s < scan => Scenario {
                kind: ScenarioKind::Scan,
                group: 1 + (s % usize::from(GROUPS)) as u16,
            },
            s if s < scan + stress => Scenario {
                kind: ScenarioKind::Stress,
                group: 0,
            },
            _ => Scenario {
                kind: ScenarioKind::Historical,
                group: 0,
            },
        };
        let labels: Vec<Scenario> = (0..scenarios).map(label).collect();
        let rows: Vec<ScanRow> = (1..=GROUPS)
            .map(|group| ScanRow {
                group,
                weight: 10_000,
            })
            .collect();
        let begin = BeginMarginTable {
            table: 1,
            scenarios: List::Own(&labels),
            rows: List::Own(&rows),
        };
        self.ask(&begin, 1, 1);
        let mut chance = Chance(5);
        let lot = MIDDLE * TICK * i64::from(HOURS);
        // A shock in hundredths of a per cent moves every series by about as much.
        let shocks: Vec<i64> = labels
            .iter()
            .map(|label| {
                let reach = if label.kind == ScenarioKind::Stress {
                    3_000
                } else {
                    800
                };
                chance.below(2 * reach) as i64 - reach as i64
            })
            .collect();
        for series in 1..=self.series {
            let group = group_of(series);
            let losses: Vec<ScenarioLoss> = shocks
                .iter()
                .zip(&labels)
                .map(|(shock, label)| {
                    let other = label.kind == ScenarioKind::Scan && label.group != group;
                    let own = 80 + chance.below(40) as i64;
                    let loss = if other {
                        0
                    } else {
                        lot / 10_000 * shock * own / 100
                    };
                    ScenarioLoss { loss }
                })
                .collect();
            let row = LoadMarginRow {
                table: 1,
                series,
                mark: MIDDLE * TICK,
                liquidity: 1_000_000,
                concentration_lots: 5_000,
                concentration: 2_000_000,
                delta: 1_000_000,
                vega: 0,
                losses: List::Own(&losses),
            };
            self.ask(&row, 1, 1);
        }
        let activate = ActivateMarginTable {
            table: 1,
            replaces: 0,
        };
        self.ask(&activate, 1, 1);
    }
}

fn group_of(series: u32) -> u16 {
    1 + (series % u32::from(GROUPS)) as u16
}
