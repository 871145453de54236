//! Values as bytes: what a persistent store writes.
//!
//! CBOR (RFC 8949), of definite lengths: an array of the value itself and then of the containers that it consists of, so that
//! sharing and cycles are references and nothing nests. Dicts are maps and lists arrays; what CBOR has no word for has a tag:
//!
//! | tag | what |
//! |---|---|
//! | 2, 3 | an int beyond 64 bits, as the RFC says |
//! | 6, 7, 8 | an array that is a tuple, a set, a frozenset |
//! | 9 | an array of three ints that is a range |
//! | 10 | an unsigned int: the container with this number |
//!
//! The simple values 0 and 1 are `...` and `NotImplemented`. [`encode`] gives equal bytes for what [`decode`] gave.
//!
//! [`decode`] is total: whatever the bytes, it ends with a value or an error, and it allocates in proportion to their number.

use std::sync::Arc;

use minicbor::data::{Tag, Type};
use minicbor::decode::Error as DecodeError;
use minicbor::{Decoder, Encoder};
use num_bigint::{BigInt, Sign};
use scriptling_vm::portable::{Data, DataNode, Part, Portable};
use smol_str::SmolStr;

const POSITIVE: u64 = 2;
const NEGATIVE: u64 = 3;
const TUPLE: u64 = 6;
const SET: u64 = 7;
const FROZEN_SET: u64 = 8;
const RANGE: u64 = 9;
const NODE: u64 = 10;

const ELLIPSIS: u8 = 0;
const NOT_IMPLEMENTED: u8 = 1;

/// Bytes are not what [`encode`] makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damaged(pub String);

impl From<DecodeError> for Damaged {
    fn from(error: DecodeError) -> Damaged {
        Damaged(error.to_string())
    }
}

/// The value as bytes; `None` if it is not data only.
pub fn encode(value: &Portable) -> Option<Vec<u8>> {
    let data = value.to_data()?;
    let mut encoder = Encoder::new(Vec::with_capacity(16));
    write(&mut encoder, &data).expect("a Vec takes everything");
    Some(encoder.into_writer())
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn write(encoder: &mut Encoder<Vec<u8>>, data: &Data) -> Written {
    encoder.array(1 + data.nodes.len() as u64)?;
    write_part(encoder, &data.root)?;
    data.nodes.iter().try_for_each(|node| write_node(encoder, node))
}

fn write_part(encoder: &mut Encoder<Vec<u8>>, part: &Part) -> Written {
    match part {
        Part::None => encoder.null()?,
        Part::Ellipsis => encoder.simple(ELLIPSIS)?,
        Part::NotImplemented => encoder.simple(NOT_IMPLEMENTED)?,
        Part::Bool(value) => encoder.bool(*value)?,
        Part::Int(value) => encoder.i64(*value)?,
        Part::Float(value) => encoder.f64(*value)?,
        Part::Str(text) => encoder.str(text)?,
        Part::Bytes(bytes) => encoder.bytes(bytes)?,
        Part::Big(value) => return write_big(encoder, value),
        Part::Node(index) => encoder.tag(Tag::new(NODE))?.u32(*index)?,
    };
    Ok(())
}

fn write_big(encoder: &mut Encoder<Vec<u8>>, value: &BigInt) -> Written {
    // A negative number n is written as -1 - n.
    let (tag, magnitude) = match value.sign() {
        Sign::Minus => (NEGATIVE, (-(value + BigInt::from(1))).to_bytes_be().1),
        _ => (POSITIVE, value.to_bytes_be().1),
    };
    encoder.tag(Tag::new(tag))?.bytes(&magnitude)?;
    Ok(())
}

fn write_node(encoder: &mut Encoder<Vec<u8>>, node: &DataNode) -> Written {
    let (tag, parts) = match node {
        DataNode::List(parts) => (None, parts),
        DataNode::Tuple(parts) => (Some(TUPLE), parts),
        DataNode::Set(parts) => (Some(SET), parts),
        DataNode::FrozenSet(parts) => (Some(FROZEN_SET), parts),
        DataNode::Dict(pairs) => {
            encoder.map(pairs.len() as u64)?;
            return pairs.iter().try_for_each(|(key, value)| {
                write_part(encoder, key)?;
                write_part(encoder, value)
            });
        }
        DataNode::Range(start, stop, step) => {
            encoder.tag(Tag::new(RANGE))?.array(3)?;
            return [start, stop, step].into_iter().try_for_each(|int| match i64::try_from(int) {
                Ok(small) => encoder.i64(small).map(drop),
                Err(_) => write_big(encoder, int),
            });
        }
    };
    if let Some(tag) = tag {
        encoder.tag(Tag::new(tag))?;
    }
    encoder.array(parts.len() as u64)?;
    parts.iter().try_for_each(|part| write_part(encoder, part))
}

/// The value that these bytes are.
pub fn decode(bytes: &[u8]) -> Result<Portable, Damaged> {
    let mut reader = Reader { decoder: Decoder::new(bytes), len: bytes.len() };
    let count = reader.count()?;
    if count == 0 {
        return Err(Damaged("there is no value".into()));
    }
    let root = reader.part()?;
    let nodes = (1..count).map(|_| reader.node()).collect::<Result<Vec<_>, _>>()?;
    if reader.left() != 0 {
        return Err(Damaged("there is more than a value".into()));
    }
    Portable::from_data(Data { root, nodes }).map_err(|invalid| Damaged(invalid.0.into()))
}

struct Reader<'b> {
    decoder: Decoder<'b>,
    len: usize,
}

impl Reader<'_> {
    fn left(&self) -> usize {
        self.len - self.decoder.position()
    }

    /// A number of things that take at least a byte each: more than there are bytes left is an error, so what is reserved
    /// for them is bounded.
    fn checked(&self, count: Option<u64>) -> Result<usize, Damaged> {
        let count = count.ok_or_else(|| Damaged("a length is missing".into()))?;
        match usize::try_from(count) {
            Ok(count) if count <= self.left() => Ok(count),
            _ => Err(Damaged("a length is too large".into())),
        }
    }

    fn count(&mut self) -> Result<usize, Damaged> {
        let count = self.decoder.array()?;
        self.checked(count)
    }

    fn parts(&mut self) -> Result<Vec<Part>, Damaged> {
        (0..self.count()?).map(|_| self.part()).collect()
    }

    fn part(&mut self) -> Result<Part, Damaged> {
        Ok(match self.decoder.datatype()? {
            Type::Null => {
                self.decoder.null()?;
                Part::None
            }
            Type::Bool => Part::Bool(self.decoder.bool()?),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                Part::Int(self.decoder.i64()?)
            }
            Type::F64 => Part::Float(self.decoder.f64()?),
            Type::String => Part::Str(SmolStr::new(self.decoder.str()?)),
            Type::Bytes => Part::Bytes(self.decoder.bytes()?.into()),
            Type::Simple => match self.decoder.simple()? {
                ELLIPSIS => Part::Ellipsis,
                NOT_IMPLEMENTED => Part::NotImplemented,
                _ => return Err(Damaged("an unknown simple value".into())),
            },
            Type::Tag => match self.decoder.tag()?.as_u64() {
                NODE => Part::Node(self.decoder.u32()?),
                tag => Part::Big(Arc::new(self.big(tag)?)),
            },
            other => return Err(Damaged(format!("an unexpected {other}"))),
        })
    }

    fn big(&mut self, tag: u64) -> Result<BigInt, Damaged> {
        let bytes = self.decoder.bytes()?;
        let magnitude = BigInt::from_bytes_be(Sign::Plus, bytes);
        match tag {
            POSITIVE => Ok(magnitude),
            NEGATIVE => Ok(-magnitude - 1),
            _ => Err(Damaged("an unknown tag".into())),
        }
    }

    fn int(&mut self) -> Result<BigInt, Damaged> {
        match self.part()? {
            Part::Int(value) => Ok(value.into()),
            Part::Big(value) => Ok((*value).clone()),
            _ => Err(Damaged("a range of what is no int".into())),
        }
    }

    fn node(&mut self) -> Result<DataNode, Damaged> {
        match self.decoder.datatype()? {
            Type::Array => Ok(DataNode::List(self.parts()?)),
            Type::Map => {
                let count = self.decoder.map()?;
                let count = self.checked(count)?;
                let pairs =
                    (0..count).map(|_| Ok((self.part()?, self.part()?))).collect::<Result<Vec<_>, Damaged>>()?;
                Ok(DataNode::Dict(pairs))
            }
            Type::Tag => match self.decoder.tag()?.as_u64() {
                TUPLE => Ok(DataNode::Tuple(self.parts()?)),
                SET => Ok(DataNode::Set(self.parts()?)),
                FROZEN_SET => Ok(DataNode::FrozenSet(self.parts()?)),
                RANGE => match self.count()? {
                    3 => Ok(DataNode::Range(self.int()?, self.int()?, self.int()?)),
                    _ => Err(Damaged("a range has three parts".into())),
                },
                _ => Err(Damaged("an unknown tag".into())),
            },
            other => Err(Damaged(format!("an unexpected {other}"))),
        }
    }
}
