//! `Atomic`: an integer shared by tasks, of any size.
//!
//! As long as it fits 64 bits it is one machine word and changes without a lock. [`LARGE`] in the word says that the value
//! is behind the lock.
//!
//! # Invariants
//! The word becomes [`LARGE`], and stops being it, under the lock only; the number behind the lock means something while the
//! word is `LARGE`. So whoever reads another word may change it by compare-and-exchange, and whoever reads `LARGE` takes the
//! lock and looks again.

use num_bigint::BigInt;

use super::{Label, Object};
use crate::cap::Charge;
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicI64, Ordering};

/// The most bits that a value may have: beyond that somebody counts in a way that never ends. A third of a million digits.
const MAX_BITS: u64 = 1 << 20;

/// The word of values that do not fit, and of the one value that is spelled like that.
const LARGE: i64 = i64::MIN;

/// Why a value is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TooLarge {
    /// It would have more bits than this.
    Bits(u64),
    /// There is no room in what all sync objects and stores may hold: the message says more.
    OverCap(String),
}

/// A number with what it takes, if that counts.
struct Counted {
    number: Number,
    _charge: Option<Charge>,
}

impl Counted {
    fn new(label: &Label, number: Number) -> Result<Counted, TooLarge> {
        let charge = match &number {
            Number::Small(_) => None,
            Number::Large(large) => {
                label.charge(large.bits() as usize / 8).map_err(|full| TooLarge::OverCap(full.0))?
            }
        };
        Ok(Counted { number, _charge: charge })
    }
}

/// A value of an [`Atomic`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Number {
    /// One that fits a word.
    Small(i64),
    /// One that does not.
    Large(BigInt),
}

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Number {
        i64::try_from(&value).map_or(Number::Large(value), Number::Small)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number::Small(value)
    }
}

impl Number {
    /// As a big integer.
    pub fn to_big(&self) -> BigInt {
        match self {
            Number::Small(small) => BigInt::from(*small),
            Number::Large(large) => large.clone(),
        }
    }

    fn plus(&self, other: &Number) -> Number {
        if let (Number::Small(left), Number::Small(right)) = (self, other)
            && let Some(sum) = left.checked_add(*right)
        {
            return Number::Small(sum);
        }
        (self.to_big() + other.to_big()).into()
    }

    /// The word that stands for it.
    fn word(&self) -> i64 {
        if let Number::Small(small) = self { *small } else { LARGE }
    }

    fn check(self) -> Result<Number, TooLarge> {
        match &self {
            Number::Large(large) if large.bits() > MAX_BITS => Err(TooLarge::Bits(MAX_BITS)),
            _ => Ok(self),
        }
    }
}

impl std::ops::Neg for Number {
    type Output = Number;

    fn neg(self) -> Number {
        match self {
            Number::Small(small) if small != i64::MIN => Number::Small(-small),
            other => (-other.to_big()).into(),
        }
    }
}

/// A counter; see the module documentation.
pub struct Atomic {
    label: Label,
    initial: Counted,
    word: AtomicI64,
    large: Mutex<Counted>,
}

impl Atomic {
    /// A counter that starts at `initial`.
    pub fn new(label: Label, initial: Number) -> Result<Atomic, TooLarge> {
        let initial = initial.check()?;
        let word = AtomicI64::new(initial.word());
        let large = Mutex::new(Counted::new(&label, initial.clone())?);
        let initial = Counted::new(&label, initial)?;
        Ok(Atomic { label, initial, word, large })
    }

    /// What it started at.
    pub fn initial(&self) -> &Number {
        &self.initial.number
    }

    /// The value.
    pub fn get(&self) -> Number {
        match self.word.load(Ordering::SeqCst) {
            LARGE => {
                let large = self.large.lock();
                match self.word.load(Ordering::SeqCst) {
                    LARGE => large.number.clone(),
                    small => Number::Small(small),
                }
            }
            small => Number::Small(small),
        }
    }

    /// Replaces the value.
    pub fn set(&self, value: Number) -> Result<(), TooLarge> {
        self.exchange(value).map(drop)
    }

    /// Replaces the value and returns the old one.
    pub fn exchange(&self, value: Number) -> Result<Number, TooLarge> {
        let value = value.check()?;
        self.change(|_| Some(value.clone())).map(|(old, _)| old)
    }

    /// Adds and returns the new value.
    pub fn add(&self, delta: &Number) -> Result<Number, TooLarge> {
        self.change(|value| Some(value.plus(delta))).map(|(_, new)| new)
    }

    /// Replaces the value if it is `expected`; whether it was.
    pub fn compare_and_set(&self, expected: &Number, new: Number) -> Result<bool, TooLarge> {
        let new = new.check()?;
        let (old, _) = self.change(|value| (value == expected).then(|| new.clone()))?;
        Ok(old == *expected)
    }

    /// Replaces the value by `step` of it, if that has one; the value before and after.
    fn change(&self, step: impl Fn(&Number) -> Option<Number>) -> Result<(Number, Number), TooLarge> {
        let mut word = self.word.load(Ordering::SeqCst);
        while word != LARGE {
            let old = Number::Small(word);
            let Some(new) = step(&old) else { return Ok((old.clone(), old)) };
            if new.word() == LARGE {
                return self.change_locked(step);
            }
            match self.word.compare_exchange(word, new.word(), Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return Ok((old, new)),
                Err(now) => word = now,
            }
        }
        self.change_locked(step)
    }

    /// The same when the value before or after does not fit.
    #[cold]
    fn change_locked(&self, step: impl Fn(&Number) -> Option<Number>) -> Result<(Number, Number), TooLarge> {
        let mut large = self.large.lock();
        loop {
            let word = self.word.load(Ordering::SeqCst);
            let old = if word == LARGE { large.number.clone() } else { Number::Small(word) };
            let Some(new) = step(&old) else { return Ok((old.clone(), old)) };
            let new = new.check()?;
            let counted = Counted::new(&self.label, new.clone())?;
            // Others may change a word that is not `LARGE`. Where both are, nobody can look before the lock is released.
            if self.word.compare_exchange(word, new.word(), Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                if new.word() == LARGE {
                    *large = counted;
                }
                return Ok((old, new));
            }
        }
    }
}

impl Object for Atomic {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
    }
}
