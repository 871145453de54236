//! Data values from outside: taking a [`Portable`] apart, putting one together, and comparing two.
//!
//! For what stores values outside of isolates (a file, a database, another process). [`Data`] is the same flat graph that a
//! portable value is, without anything that is not data: shared parts are one node, and cycles are just references.
//! [`Portable::from_data`] takes nothing for granted, because its input may have been damaged on the way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Zero};
use smol_str::SmolStr;

use super::{Atom, Graph, Node, Portable, capture};
use crate::error::Raise;
use crate::heap::{BigRange, Range};
use crate::limits::MAX_NESTING;
use crate::native::Cx;
use crate::operate::hash::{hash_int, table_hash};
use crate::value::{Tag, Value};

/// A scalar, or a reference to a node of the same [`Data`].
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `NotImplemented`
    NotImplemented,
    /// A bool.
    Bool(bool),
    /// An int that fits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(SmolStr),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// An int that does not fit 64 bits.
    Big(Arc<BigInt>),
    /// The node at this index.
    Node(u32),
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub enum DataNode {
    /// A list.
    List(Vec<Part>),
    /// A tuple.
    Tuple(Vec<Part>),
    /// A dict, in order.
    Dict(Vec<(Part, Part)>),
    /// A set.
    Set(Vec<Part>),
    /// A frozenset.
    FrozenSet(Vec<Part>),
    /// `range(start, stop, step)`
    Range(BigInt, BigInt, BigInt),
}

/// A value that is data only.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// The value itself.
    pub root: Part,
    /// What it refers to.
    pub nodes: Vec<DataNode>,
}

/// What [`Portable::from_data`] refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidData(pub &'static str);

/// Two values cannot be compared: they nest too deeply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooDeep;

impl Portable {
    /// As [`Portable::from_argument`], for data only. Anything else is a `TypeError` that says where in the value it is.
    pub fn data_from_argument(cx: &mut Cx<'_>, value: Value, what: &dyn Fn() -> String) -> Result<Portable, Raise> {
        capture::capture_data(cx, value, what)
    }

    /// The value taken apart; `None` if it is not data only.
    pub fn to_data(&self) -> Option<Data> {
        if !self.is_data() {
            return None;
        }
        let nodes = self.graph.as_ref().map_or(&[][..], |graph| &graph.nodes);
        Some(Data { root: part(&self.root)?, nodes: nodes.iter().map(data_node).collect::<Option<_>>()? })
    }

    /// The value put together. Refused are references to nothing, keys that cannot be keys or are there twice, and ranges
    /// with a step of zero.
    pub fn from_data(data: Data) -> Result<Portable, InvalidData> {
        let count = data.nodes.len();
        let root = atom(data.root, count)?;
        if count == 0 {
            return Ok(Portable { root, graph: None });
        }
        let nodes: Vec<Node> = data.nodes.into_iter().map(|item| node(item, count)).collect::<Result<_, _>>()?;
        check_keys(&nodes)?;
        let bytes = nodes.iter().map(|node| size_of::<Node>() + capture::node_bytes(node)).sum();
        Ok(Portable { root, graph: Some(Arc::new(Graph { nodes: nodes.into(), image: None, library: None, bytes })) })
    }

    /// Whether both are the very same value: equal scalars of one type, or the same captured graph. Never true by chance, and
    /// as cheap as comparing two words. Equal values that were captured apart are not the same.
    pub fn is_same(&self, other: &Portable) -> bool {
        match (&self.graph, &other.graph) {
            (Some(left), Some(right)) => Arc::ptr_eq(left, right) && same_atom(&self.root, &other.root),
            (None, None) => same_atom(&self.root, &other.root),
            _ => false,
        }
    }

    /// `==` of two data values, as the language has it: by numeric value, and dicts and sets without regard to order.
    pub fn equals(&self, other: &Portable) -> Result<bool, TooDeep> {
        equals(self, other)
    }

    /// About how many bytes it occupies, long texts inside of it included.
    pub fn deep_size(&self) -> usize {
        let texts = self.graph.as_ref().map_or(0, |graph| graph.nodes.iter().map(text_bytes).sum());
        self.size() + texts
    }
}

fn part(atom: &Atom) -> Option<Part> {
    Some(match atom {
        Atom::None => Part::None,
        Atom::Ellipsis => Part::Ellipsis,
        Atom::NotImplemented => Part::NotImplemented,
        Atom::Bool(value) => Part::Bool(*value),
        Atom::Int(value) => Part::Int(*value),
        Atom::Float(value) => Part::Float(*value),
        Atom::Str(text) => Part::Str(text.clone()),
        Atom::Bytes(bytes) => Part::Bytes(bytes.clone()),
        Atom::Big(big) => Part::Big(big.clone()),
        Atom::Node(index) => Part::Node(*index),
        Atom::Undefined | Atom::Global(..) | Atom::Module(_) => return None,
    })
}

fn parts<'a>(atoms: impl IntoIterator<Item = &'a Atom>) -> Option<Vec<Part>> {
    atoms.into_iter().map(part).collect()
}

fn data_node(node: &Node) -> Option<DataNode> {
    Some(match node {
        Node::Words(tag, words) => DataNode::List(words.iter().map(|&word| word_part(*tag, word)).collect()),
        Node::List(items) => DataNode::List(parts(items)?),
        Node::Tuple(items) => DataNode::Tuple(parts(items)?),
        Node::Dict { items, .. } => {
            DataNode::Dict(items.iter().map(|(_, key, value)| Some((part(key)?, part(value)?))).collect::<Option<_>>()?)
        }
        Node::Set { items, frozen, .. } => {
            let items = parts(items.iter().map(|(_, key)| key))?;
            if *frozen { DataNode::FrozenSet(items) } else { DataNode::Set(items) }
        }
        Node::Range(range) => DataNode::Range(range.start.into(), range.stop.into(), range.step.into()),
        Node::BigRange(range) => DataNode::Range(range.start.clone(), range.stop.clone(), range.step.clone()),
        _ => return None,
    })
}

fn word_part(tag: Tag, word: u64) -> Part {
    match tag {
        Tag::Int => Part::Int(word as i64),
        Tag::Float => Part::Float(f64::from_bits(word)),
        _ => Part::Bool(word != 0),
    }
}

fn atom(part: Part, count: usize) -> Result<Atom, InvalidData> {
    Ok(match part {
        Part::None => Atom::None,
        Part::Ellipsis => Atom::Ellipsis,
        Part::NotImplemented => Atom::NotImplemented,
        Part::Bool(value) => Atom::Bool(value),
        Part::Int(value) => Atom::Int(value),
        Part::Float(value) => Atom::Float(value),
        Part::Str(text) => Atom::Str(text),
        Part::Bytes(bytes) => Atom::Bytes(bytes),
        Part::Big(big) => match i64::try_from(&*big) {
            Ok(small) => Atom::Int(small),
            Err(_) => Atom::Big(big),
        },
        Part::Node(index) if (index as usize) < count => Atom::Node(index),
        Part::Node(_) => return Err(InvalidData("a reference to nothing")),
    })
}

fn atoms(parts: Vec<Part>, count: usize) -> Result<Box<[Atom]>, InvalidData> {
    parts.into_iter().map(|part| atom(part, count)).collect()
}

/// The hash of a key with which its table is first filled, and whether it has to be hashed again in the isolate.
fn key_hash(key: &Atom, at: usize) -> (u64, bool) {
    match key {
        Atom::Str(text) => (crate::heap::str::hash_text(text), false),
        Atom::Int(value) => (table_hash(hash_int(*value)), false),
        // Any will do; different ones, so that filling takes linear time.
        _ => (table_hash(at as i64), true),
    }
}

fn node(node: DataNode, count: usize) -> Result<Node, InvalidData> {
    let set = |parts: Vec<Part>, frozen: bool| {
        let mut rehash = false;
        let mut items = Vec::with_capacity(parts.len());
        for (at, part) in parts.into_iter().enumerate() {
            let key = atom(part, count)?;
            let (hash, again) = key_hash(&key, at);
            rehash |= again;
            items.push((hash, key));
        }
        Ok(Node::Set { items: items.into(), frozen, rehash })
    };
    Ok(match node {
        DataNode::List(parts) => words(&parts).map_or_else(|| atoms(parts, count).map(Node::List), Ok)?,
        DataNode::Tuple(parts) => Node::Tuple(atoms(parts, count)?),
        DataNode::Dict(pairs) => {
            let mut rehash = false;
            let mut items = Vec::with_capacity(pairs.len());
            for (at, (key, value)) in pairs.into_iter().enumerate() {
                let key = atom(key, count)?;
                let (hash, again) = key_hash(&key, at);
                rehash |= again;
                items.push((hash, key, atom(value, count)?));
            }
            Node::Dict { items: items.into(), rehash }
        }
        DataNode::Set(parts) => set(parts, false)?,
        DataNode::FrozenSet(parts) => set(parts, true)?,
        DataNode::Range(_, _, step) if step.is_zero() => return Err(InvalidData("a range with step zero")),
        DataNode::Range(start, stop, step) => {
            match (i64::try_from(&start), i64::try_from(&stop), i64::try_from(&step)) {
                (Ok(start), Ok(stop), Ok(step)) => Node::Range(Range { start, stop, step }),
                _ => Node::BigRange(Box::new(BigRange { start, stop, step })),
            }
        }
    })
}

/// The compact form of a list whose elements are all ints, all floats or all bools.
fn words(parts: &[Part]) -> Option<Node> {
    let (tag, _) = word(parts.first()?)?;
    let words: Option<Box<[u64]>> =
        parts.iter().map(|part| word(part).filter(|(other, _)| *other == tag).map(|(_, word)| word)).collect();
    words.map(|words| Node::Words(tag, words))
}

fn word(part: &Part) -> Option<(Tag, u64)> {
    match part {
        Part::Int(value) => Some((Tag::Int, *value as u64)),
        Part::Float(value) => Some((Tag::Float, value.to_bits())),
        Part::Bool(value) => Some((Tag::Bool, u64::from(*value))),
        _ => None,
    }
}

/// The keys of a node.
fn keys(node: &Node) -> Vec<&Atom> {
    match node {
        Node::Dict { items, .. } => items.iter().map(|(_, key, _)| key).collect(),
        Node::Set { items, .. } => items.iter().map(|(_, key)| key).collect(),
        _ => Vec::new(),
    }
}

/// Keys must be hashable, which needs an end, and each is there once.
fn check_keys(nodes: &[Node]) -> Result<(), InvalidData> {
    for node in nodes {
        let keys = keys(node);
        let mut seen = HashSet::with_capacity(keys.len());
        for key in keys {
            let mut canonical = Canonical::new(nodes);
            canonical.add(key, 0).map_err(|problem| match problem {
                Unkeyed::Unhashable => InvalidData("a key that cannot be one"),
                Unkeyed::TooDeep => InvalidData("a key that nests too deeply"),
            })?;
            if !seen.insert(canonical.bytes) {
                return Err(InvalidData("a key that is there twice"));
            }
        }
    }
    Ok(())
}

/// Why something is no key.
enum Unkeyed {
    Unhashable,
    TooDeep,
}

/// Text that equal keys share and different keys do not.
struct Canonical<'a> {
    nodes: &'a [Node],
    bytes: Vec<u8>,
    visits: usize,
}

/// Parts that one key may have: shared tuples can nest into exponentially many.
const MAX_KEY_PARTS: usize = 1 << 16;

impl<'a> Canonical<'a> {
    fn new(nodes: &'a [Node]) -> Canonical<'a> {
        Canonical { nodes, bytes: Vec::new(), visits: 0 }
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    fn int(&mut self, value: &BigInt) {
        self.tagged(b'n', &value.to_signed_bytes_le());
    }

    fn add(&mut self, key: &Atom, depth: usize) -> Result<(), Unkeyed> {
        self.visits += 1;
        if depth > MAX_NESTING || self.visits > MAX_KEY_PARTS {
            return Err(Unkeyed::TooDeep);
        }
        match key {
            Atom::Bool(value) => self.int(&BigInt::from(u8::from(*value))),
            Atom::Int(value) => self.int(&BigInt::from(*value)),
            Atom::Big(value) => self.int(value),
            // An integral float is the key that the equal int is. Others are themselves, and so is each NaN.
            Atom::Float(value) => match BigInt::from_f64(*value).filter(|_| value.fract() == 0.0) {
                Some(int) => self.int(&int),
                None => self.tagged(b'f', &value.to_bits().to_le_bytes()),
            },
            Atom::Str(text) => self.tagged(b's', text.as_bytes()),
            Atom::Bytes(bytes) => self.tagged(b'b', bytes),
            Atom::None => self.tagged(b'0', &[]),
            Atom::Ellipsis => self.tagged(b'.', &[]),
            Atom::NotImplemented => self.tagged(b'!', &[]),
            Atom::Node(index) => return self.add_node(*index, depth),
            Atom::Undefined | Atom::Global(..) | Atom::Module(_) => return Err(Unkeyed::Unhashable),
        }
        Ok(())
    }

    fn add_node(&mut self, index: u32, depth: usize) -> Result<(), Unkeyed> {
        match &self.nodes[index as usize] {
            Node::Tuple(items) => {
                self.tagged(b't', &(items.len() as u64).to_le_bytes());
                items.iter().try_for_each(|item| self.add(item, depth + 1))
            }
            Node::Set { items, frozen: true, .. } => {
                let mut elements = Vec::with_capacity(items.len());
                for (_, item) in items {
                    let mut inner = Canonical { nodes: self.nodes, bytes: Vec::new(), visits: self.visits };
                    inner.add(item, depth + 1)?;
                    self.visits = inner.visits;
                    elements.push(inner.bytes);
                }
                elements.sort_unstable();
                self.tagged(b'z', &elements.concat());
                Ok(())
            }
            Node::Range(range) => {
                self.range(&BigRange { start: range.start.into(), stop: range.stop.into(), step: range.step.into() });
                Ok(())
            }
            Node::BigRange(range) => {
                self.range(range);
                Ok(())
            }
            _ => Err(Unkeyed::Unhashable),
        }
    }

    /// Ranges are equal if they have the same elements.
    fn range(&mut self, range: &BigRange) {
        let len = range.len();
        self.bytes.push(b'r');
        self.int(&len);
        if !len.is_zero() {
            self.int(&range.start);
            if len > BigInt::from(1) {
                self.int(&range.step);
            }
        }
    }
}

fn same_atom(left: &Atom, right: &Atom) -> bool {
    match (left, right) {
        (Atom::None, Atom::None)
        | (Atom::Ellipsis, Atom::Ellipsis)
        | (Atom::NotImplemented, Atom::NotImplemented)
        | (Atom::Undefined, Atom::Undefined) => true,
        (Atom::Bool(left), Atom::Bool(right)) => left == right,
        (Atom::Int(left), Atom::Int(right)) => left == right,
        (Atom::Float(left), Atom::Float(right)) => left.to_bits() == right.to_bits(),
        (Atom::Str(left), Atom::Str(right)) => left == right,
        (Atom::Bytes(left), Atom::Bytes(right)) => left == right,
        (Atom::Big(left), Atom::Big(right)) => left == right,
        (Atom::Node(left), Atom::Node(right)) => left == right,
        _ => false,
    }
}

/// Two values being compared: what is left to compare, and which pairs of nodes are equal if all of that is.
struct Equality<'a> {
    left: &'a [Node],
    right: &'a [Node],
    work: Vec<(Atom, Atom)>,
    assumed: HashSet<(u32, u32)>,
}

fn equals(left: &Portable, right: &Portable) -> Result<bool, TooDeep> {
    let left_nodes = left.graph.as_ref().map_or(&[][..], |graph| &graph.nodes);
    let right_nodes = right.graph.as_ref().map_or(&[][..], |graph| &graph.nodes);
    let work = vec![(left.root.clone(), right.root.clone())];
    let mut equality = Equality { left: left_nodes, right: right_nodes, work, assumed: HashSet::new() };
    while let Some((left, right)) = equality.work.pop() {
        if !equality.pair(&left, &right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Equality<'_> {
    fn pair(&mut self, left: &Atom, right: &Atom) -> Result<bool, TooDeep> {
        match (left, right) {
            (Atom::Node(left), Atom::Node(right)) => {
                if !self.assumed.insert((*left, *right)) {
                    return Ok(true);
                }
                self.nodes(*left, *right)
            }
            (Atom::Node(_), _) | (_, Atom::Node(_)) => Ok(false),
            (Atom::Float(value), _) | (_, Atom::Float(value)) if value.is_nan() => Ok(false),
            _ => Ok(self.key(true, left)? == self.key(false, right)?),
        }
    }

    fn key(&self, is_left: bool, key: &Atom) -> Result<Vec<u8>, TooDeep> {
        let mut canonical = Canonical::new(if is_left { self.left } else { self.right });
        canonical.add(key, 0).map_err(|_| TooDeep)?;
        Ok(canonical.bytes)
    }

    fn push_all(&mut self, left: impl Iterator<Item = Atom>, right: impl Iterator<Item = Atom>) {
        self.work.extend(left.zip(right));
    }

    fn nodes(&mut self, left_index: u32, right_index: u32) -> Result<bool, TooDeep> {
        let (left, right) = (&self.left[left_index as usize], &self.right[right_index as usize]);
        if let (Some(left), Some(right)) = (list_items(left), list_items(right)) {
            let same = left.len() == right.len();
            if same {
                self.push_all(left.into_iter(), right.into_iter());
            }
            return Ok(same);
        }
        match (left, right) {
            (Node::Tuple(left), Node::Tuple(right)) => {
                let same = left.len() == right.len();
                if same {
                    self.push_all(left.iter().cloned(), right.iter().cloned());
                }
                Ok(same)
            }
            (Node::Dict { items: left, .. }, Node::Dict { items: right, .. }) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                let mut known = HashMap::with_capacity(right.len());
                for (_, key, value) in right {
                    known.insert(self.key(false, key)?, value);
                }
                for (_, key, value) in left {
                    match known.get(&self.key(true, key)?) {
                        Some(&other) => self.work.push((value.clone(), other.clone())),
                        None => return Ok(false),
                    }
                }
                Ok(true)
            }
            // A set and a frozenset of the same elements are equal.
            (Node::Set { items: left, .. }, Node::Set { items: right, .. }) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                let known: HashSet<Vec<u8>> =
                    right.iter().map(|(_, key)| self.key(false, key)).collect::<Result<_, _>>()?;
                for (_, key) in left {
                    if !known.contains(&self.key(true, key)?) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Node::Range(_) | Node::BigRange(_), Node::Range(_) | Node::BigRange(_)) => {
                Ok(self.key(true, &Atom::Node(left_index))? == self.key(false, &Atom::Node(right_index))?)
            }
            _ => Ok(false),
        }
    }
}

fn list_items(node: &Node) -> Option<Vec<Atom>> {
    match node {
        Node::List(items) => Some(items.to_vec()),
        Node::Words(tag, words) => Some(
            words
                .iter()
                .map(|&word| match word_part(*tag, word) {
                    Part::Int(value) => Atom::Int(value),
                    Part::Float(value) => Atom::Float(value),
                    _ => Atom::Bool(word != 0),
                })
                .collect(),
        ),
        _ => None,
    }
}

fn text_bytes(node: &Node) -> usize {
    let text = |atom: &Atom| match atom {
        Atom::Str(text) if text.is_heap_allocated() => text.len(),
        Atom::Bytes(bytes) => bytes.len(),
        Atom::Big(big) => big.bits() as usize / 8 + 32,
        _ => 0,
    };
    match node {
        Node::List(items) | Node::Tuple(items) => items.iter().map(text).sum(),
        Node::Dict { items, .. } => items.iter().map(|(_, key, value)| text(key) + text(value)).sum(),
        Node::Set { items, .. } => items.iter().map(|(_, key)| text(key)).sum(),
        _ => 0,
    }
}
