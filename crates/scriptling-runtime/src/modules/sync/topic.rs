//! `Topic` and its subscribers for scripts.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

use super::queue::{ended, next, take, take_nowait};
use super::{
    MODULE, bool, common, count, get_or_create, handle, host_object, itself, none, owner, park, raise, receiver, repr,
    seconds, text, using,
};
use crate::sync::{Kind, NotPublished, Object, Publish, Subscription, Topic, WhenFull};

impl HostHandle for Subscription {
    fn class(&self) -> (&'static str, &'static str) {
        (MODULE, "Subscription")
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Topic", "What is published goes to all who have subscribed by then, to all in the same order.")
        .raw_static("__new__(cls, name)", "Get or create the topic of that name.", |cx, args| {
            let topic = get_or_create(cx, Kind::Topic, args[1], |_, label| Ok(Topic::new(label)))?;
            host_object(cx, args[0], topic)
        })
        .raw(
            "subscribe(self, /, maxsize=100, when_full='block')",
            "A new Subscription, to what is published from now on. It holds up to maxsize items; when it is full, when_full \
             says what happens: 'block' (publishers wait), 'drop_oldest', 'drop_newest', or 'raise' (publish raises \
             sync.Full).",
            subscribe,
        )
        .raw(
            "publish(self, /, item, timeout=None)",
            "Send an item to all subscribers, or to none: wait until those that block have room. Returns how many there are.",
            publish,
        )
        .raw("subscribers(self, /)", "How many subscribers there are.", |cx, args| {
            let subscribers = using::<Topic>(cx, args[0])?.subscribers();
            Ok(Outcome::Return(cx.int(subscribers)))
        })
        .raw("close(self, /)", "No more items: subscribers drain what they have and then end.", |cx, args| {
            using::<Topic>(cx, args[0])?.close();
            none()
        })
        .raw("closed(self, /)", "Whether it was closed.", |cx, args| bool(using::<Topic>(cx, args[0])?.is_closed()))
        .raw("__repr__(self, /)", "", |cx, args| {
            let topic = handle::<Topic>(cx, args[0])?;
            repr(cx, &format!("<Topic '{}' subscribers={}>", topic.label().name(), topic.subscribers()))
        });
    common::<Topic>(class).finish();
    define_subscription(module);
}

fn define_subscription(module: &mut ModuleBuilder<'_>) {
    module
        .class(
            "Subscription",
            "A subscriber of a topic: iterate over it, or get(). It ends when it or its topic is closed, and when nobody has it \
             any more. with subscription: ... closes it.",
        )
        .raw("get(self, /, timeout=None)", "Take the oldest item; wait while there is none.", |cx, args| {
            let subscription = subscription(cx, args[0])?;
            let timeout = seconds(cx, args[1], "timeout")?;
            take(cx, subscription.queue().clone(), timeout)
        })
        .raw("get_nowait(self, /)", "Take the oldest item; raise sync.Empty if there is none.", |cx, args| {
            let subscription = subscription(cx, args[0])?;
            take_nowait(cx, subscription.queue())
        })
        .raw("size(self, /)", "The number of items.", size)
        .raw("__len__(self, /)", "The number of items.", size)
        .raw("dropped(self, /)", "How many items were lost because it was full.", |cx, args| {
            let dropped = subscription(cx, args[0])?.dropped();
            Ok(Outcome::Return(cx.int(dropped)))
        })
        .raw("close(self, /)", "Get nothing more: drain what is there and then end.", |cx, args| {
            subscription(cx, args[0])?.close();
            none()
        })
        .raw("closed(self, /)", "Whether it, or its topic, was closed.", |cx, args| {
            bool(subscription(cx, args[0])?.queue().is_closed())
        })
        .raw_getter("topic", "Its topic's name.", |cx, args| {
            let name = subscription(cx, args[0])?.topic().label().name().clone();
            Ok(Outcome::Return(cx.str(name)))
        })
        .raw_getter("maxsize", "The most items that it holds.", |cx, args| {
            let maxsize = subscription(cx, args[0])?.queue().maxsize();
            Ok(Outcome::Return(cx.int(maxsize)))
        })
        .raw("__iter__(self, /)", "", itself)
        .raw("__next__(self, /)", "", |cx, args| {
            let subscription = subscription(cx, args[0])?;
            next(cx, subscription.queue().clone())
        })
        .raw("__enter__(self, /)", "", itself)
        .raw("__exit__(self, type, value, traceback, /)", "", |cx, args| {
            subscription(cx, args[0])?.close();
            bool(false)
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let subscription = subscription(cx, args[0])?;
            let (queue, name) = (subscription.queue(), subscription.topic().label().name());
            let when_full = subscription.when_full().name();
            let (size, maxsize) = (queue.size(), queue.maxsize());
            repr(cx, &format!("<Subscription to '{name}' size={size} maxsize={maxsize} when_full='{when_full}'>"))
        })
        .finish();
}

fn subscription(cx: &Cx<'_>, value: Value) -> Result<Arc<Subscription>, Raise> {
    receiver(cx, value, "Subscription")
}

fn size(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let size = subscription(cx, args[0])?.queue().size();
    Ok(Outcome::Return(cx.int(size)))
}

fn subscribe(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let topic = using::<Topic>(cx, args[0])?;
    let maxsize = count(cx, args[1], "maxsize", 1)?;
    let name = text(cx, args[2], "when_full")?;
    let Some(when_full) = WhenFull::ALL.into_iter().find(|known| known.name() == name) else {
        let known = WhenFull::ALL.map(WhenFull::name).join("', '");
        return Err(Raise::value_error(format!("when_full must be one of '{known}', not '{name}'")));
    };
    match topic.subscribe(usize::try_from(maxsize).unwrap_or(usize::MAX), when_full) {
        Ok(subscription) => {
            let class = cx.library_class(MODULE, "Subscription").expect("`define` registered it");
            Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(subscription) })))
        }
        Err(why) => Err(ended(cx, topic.label(), why)),
    }
}

fn publish(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let topic = using::<Topic>(cx, args[0])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    let item = Portable::from_argument(cx, args[1], &|| "item".into())?;
    let item = super::item(topic.label(), item)?;
    let publish = Publish::new(topic.clone(), owner(cx)?, item);
    park(cx, timeout, publish, move |cx, result| match result {
        Ok(subscribers) => Ok(Outcome::Return(cx.int(subscribers))),
        Err(NotPublished::Ended(why)) => Err(ended(cx, topic.label(), why)),
        Err(NotPublished::Full) => Err(raise(cx, "Full", &format!("a subscriber of {} is full", topic.label()))),
        Err(NotPublished::Reentered) => {
            Err(Raise::runtime_error(format!("this task is publishing to {} already", topic.label())))
        }
    })
}
