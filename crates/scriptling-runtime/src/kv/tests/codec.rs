//! Values as bytes: there and back, and bytes that are none.

use num_bigint::BigInt;
use proptest::prelude::*;
use scriptling_vm::portable::{Data, DataNode, Part};

use super::super::codec::{decode, encode};
use super::*;

/// Scalars, floats by their bits.
fn scalar() -> impl Strategy<Value = Part> {
    prop_oneof![
        Just(Part::None),
        Just(Part::Ellipsis),
        any::<bool>().prop_map(Part::Bool),
        any::<i64>().prop_map(Part::Int),
        any::<u64>().prop_map(|bits| Part::Float(f64::from_bits(bits))),
        any::<f64>().prop_map(Part::Float),
        ".{0,30}".prop_map(|text| Part::Str(text.into())),
        prop::collection::vec(any::<u8>(), 0..30).prop_map(|bytes| Part::Bytes(bytes.into())),
        (any::<[u8; 12]>(), any::<bool>()).prop_map(|(bytes, negative)| {
            let big: BigInt = (BigInt::from_bytes_be(num_bigint::Sign::Plus, &bytes) + 1) << 64;
            Part::Big(Arc::new(if negative { -big } else { big }))
        }),
    ]
}

/// A scalar, or (if there are any) a reference to one of `nodes` nodes.
fn part(nodes: u32) -> impl Strategy<Value = Part> {
    prop_oneof![3 => scalar(), 1 => (0..nodes).prop_map(Part::Node)]
}

fn keys() -> impl Strategy<Value = Vec<Part>> {
    prop::collection::btree_set(any::<i32>(), 0..8).prop_map(|keys| {
        // Some text, some numbers: all different.
        keys.into_iter()
            .map(|n| if n % 2 == 0 { Part::Int(n.into()) } else { Part::Str(n.to_string().into()) })
            .collect()
    })
}

/// Graphs of every shape, cycles included.
fn data() -> impl Strategy<Value = Data> {
    (1..6u32).prop_flat_map(|count| {
        let node = prop_oneof![
            prop::collection::vec(part(count), 0..8).prop_map(DataNode::List),
            prop::collection::vec(part(count), 0..8).prop_map(DataNode::Tuple),
            prop::collection::vec(any::<i64>(), 0..8)
                .prop_map(|ints| DataNode::List(ints.into_iter().map(Part::Int).collect())),
            (keys(), prop::collection::vec(part(count), 8))
                .prop_map(|(keys, values)| DataNode::Dict(keys.into_iter().zip(values).collect())),
            keys().prop_map(DataNode::Set),
            keys().prop_map(DataNode::FrozenSet),
            (any::<i128>(), any::<i64>(), 1..i64::MAX).prop_map(|(start, stop, step)| DataNode::Range(
                start.into(),
                stop.into(),
                step.into()
            )),
        ];
        (part(count), prop::collection::vec(node, count as usize)).prop_map(|(root, nodes)| Data { root, nodes })
    })
}

fn debug(value: &Portable) -> String {
    format!("{:?}", value.to_data().expect("it is data"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn values_come_back_bit_by_bit(data in data()) {
        let value = Portable::from_data(data).expect("it is valid");
        let bytes = encode(&value).expect("it is data");
        let back = decode(&bytes).expect("it was encoded just now");
        prop_assert_eq!(debug(&back), debug(&value));
        prop_assert_eq!(encode(&back).expect("it is data"), bytes, "equal values have equal bytes");
    }

    #[test]
    fn scalars_come_back_bit_by_bit(part in scalar()) {
        let value = Portable::from_data(Data { root: part, nodes: Vec::new() }).expect("it is valid");
        let bytes = encode(&value).expect("it is data");
        prop_assert!(decode(&bytes).expect("it was encoded just now").is_same(&value));
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert!(encode(&value).is_some());
        }
    }

    #[test]
    fn damaged_bytes_are_a_value_or_an_error(
        data in data(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = encode(&Portable::from_data(data).expect("it is valid")).expect("it is data");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(value) = decode(bytes) {
                // Whatever it is now, an isolate can have it.
                prop_assert!(encode(&value).is_some());
                look(&value, "type(x)");
            }
        }
    }
}

#[test]
fn lengths_that_lie_allocate_nothing() {
    // Arrays, maps, texts and bytes of 2^63 elements.
    for head in [0x9b_u8, 0xbb, 0x7b, 0x5b] {
        for prefix in [&[][..], &[0x81], &[0x82, 0x00], &[0x82, 0x00, 0xc6]] {
            let bytes = [prefix, &[head, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
            assert!(decode(&bytes).is_err());
        }
    }
}

#[test]
fn what_no_value_can_be_is_refused() {
    let refused = |root: Part, nodes: Vec<DataNode>| Portable::from_data(Data { root, nodes }).unwrap_err().0;
    let node = Part::Node;
    assert_eq!(refused(node(1), vec![DataNode::List(vec![])]), "a reference to nothing");
    assert_eq!(refused(node(0), vec![]), "a reference to nothing");
    let list_key = vec![DataNode::Set(vec![node(1)]), DataNode::List(vec![])];
    assert_eq!(refused(node(0), list_key), "a key that cannot be one");
    let deep_key =
        vec![DataNode::Dict(vec![(node(1), Part::None)]), DataNode::Tuple(vec![node(2)]), DataNode::Set(vec![])];
    assert_eq!(refused(node(0), deep_key), "a key that cannot be one");
    assert_eq!(refused(node(0), vec![DataNode::FrozenSet(vec![node(0)])]), "a key that nests too deeply");
    let twice = vec![DataNode::Set(vec![Part::Int(1), Part::Float(1.0)])];
    assert_eq!(refused(node(0), twice), "a key that is there twice");
    let zero = vec![DataNode::Range(1.into(), 2.into(), 0.into())];
    assert_eq!(refused(node(0), zero), "a range with step zero");
    // Tuples of tuples of tuples: 2^60 visits if each were visited.
    let mut bomb: Vec<DataNode> = (1..60).map(|n| DataNode::Tuple(vec![node(n), node(n)])).collect();
    bomb.push(DataNode::Tuple(vec![]));
    bomb.push(DataNode::Set(vec![node(0)]));
    assert_eq!(refused(node(60), bomb), "a key that nests too deeply");
}

#[test]
fn equality_is_that_of_the_language() {
    let equal = |left: &str, right: &str| value(left).equals(&value(right));
    for (left, right, expected) in [
        ("1", "1.0", true),
        ("1", "True", true),
        ("1", "'1'", false),
        ("0.0", "-0.0", true),
        ("float('nan')", "float('nan')", false),
        ("2**70", "float(2**70)", true),
        ("2**53 + 1", "float(2**53)", false),
        ("'a'", "b'a'", false),
        ("[1, [2, 3.0]]", "[1.0, [2, 3]]", true),
        ("[1, 2]", "(1, 2)", false),
        ("{'a': 1, 'b': [2]}", "{'b': [2.0], 'a': True}", true),
        ("{'a': 1}", "{'a': 2}", false),
        ("{(1, 2.0): 0}", "{(1.0, 2): 0}", true),
        ("{1, 2}", "frozenset([2.0, 1])", true),
        ("{1, 2}", "{1, 3}", false),
        ("range(0, 10, 3)", "range(0, 11, 3)", true),
        ("range(0)", "range(5, 5)", true),
        ("range(3)", "[0, 1, 2]", false),
        ("None", "None", true),
        ("x = []\nx.append(x)\nx", "x = []\nx.append(x)\nx", true),
        ("x = [1]\nx.append(x)\nx", "x = [2]\nx.append(x)\nx", false),
    ] {
        assert_eq!(equal(left, right), Ok(expected), "{left} == {right}");
        assert_eq!(equal(right, left), Ok(expected), "{right} == {left}");
    }
    let deep = |text: &str| format!("x = {text}\nfor _ in range(100_000): x = [x]\nx");
    assert_eq!(equal(&deep("1"), &deep("1.0")), Ok(true));
    assert_eq!(equal(&deep("1"), &deep("2")), Ok(false));
}

#[test]
fn what_is_not_data_has_no_encoding() {
    for text in ["lambda: 1", "[len]", "class A: pass\n[A()]", "ValueError('x')", "int"] {
        assert!(encode(&value(text)).is_none(), "{text}");
    }
}
