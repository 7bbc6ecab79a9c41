//! Shapes and their members.

use crate::table::{self, Text};

/// What a shape holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Named members.
    Structure,
    /// Items of one shape.
    List,
    /// Keys and values; EC2 has none today.
    Map,
    /// Text, perhaps one of [`Shape::enum_values`].
    String,
    /// 32-bit number.
    Integer,
    /// 64-bit number.
    Long,
    /// 32-bit floating point number.
    Float,
    /// 64-bit floating point number.
    Double,
    /// `true` or `false`.
    Boolean,
    /// A moment, ISO 8601 on the wire.
    Timestamp,
    /// Bytes, base64 on the wire.
    Blob,
}

impl Kind {
    /// Whether it is neither structure, list nor map.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        !matches!(self, Self::Structure | Self::List | Self::Map)
    }
}

const KINDS: [Kind; 11] = [
    Kind::Structure,
    Kind::List,
    Kind::Map,
    Kind::String,
    Kind::Integer,
    Kind::Long,
    Kind::Float,
    Kind::Double,
    Kind::Boolean,
    Kind::Timestamp,
    Kind::Blob,
];

/// The type of a request, a response, a member or a list item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape(pub(crate) u16);

impl Shape {
    /// Name in EC2's model, `BlockDeviceMappingRequestList`; empty for the structure of an action that takes or gives nothing.
    #[must_use]
    pub fn name(self) -> &'static str {
        Text(self.0).get()
    }

    /// What it holds.
    #[inline]
    #[must_use]
    pub fn kind(self) -> Kind {
        KINDS
            .get(usize::from(table::SHAPE_KINDS.byte(self.0) & 0x0F))
            .copied()
            .unwrap_or(Kind::String)
    }

    /// Whether a JSON pointer below this structure leads to, or through, a member that EC2 marks as sensitive.
    pub fn sensitive_at(self, pointer: &str) -> bool {
        let mut at = Some(self);
        for step in pointer.split('/').skip(1) {
            let Some(shape) = at else { return false };
            match shape.member(step) {
                Some(member) if member.sensitive() => return true,
                Some(member) => at = Some(member.shape()),
                None => at = shape.item(),
            }
        }
        false
    }

    /// Whether its value must not be shown: passwords, private keys, user data.
    #[must_use]
    pub fn sensitive(self) -> bool {
        table::SHAPE_KINDS.byte(self.0) & table::SENSITIVE != 0
    }

    pub(crate) fn member_range(self) -> std::ops::Range<u16> {
        if self.0 >= table::FIRST_LIST {
            return 0..0;
        }
        // There are fewer than 65,536 members in all.
        let start = table::MEMBER_COUNTS.start(&table::MEMBER_STARTS, self.0) as u16;
        start..start + u16::from(table::MEMBER_COUNTS.byte(self.0))
    }

    /// Number among the lists.
    pub(crate) fn list(self) -> Option<u16> {
        (table::FIRST_LIST..table::FIRST_ENUM)
            .contains(&self.0)
            .then(|| self.0 - table::FIRST_LIST)
    }

    /// Strings of its members, items and values, by number.
    pub(crate) fn texts(self) -> Vec<u16> {
        let mut texts = Vec::new();
        for member in self.members() {
            texts.extend(
                [member.name_text(), member.wire_text(), member.query_text()].map(|text| text.0),
            );
        }
        texts.extend(self.list().map(|list| table::ITEM_NAMES.number(list)));
        texts.extend(self.value_range().map(|at| table::FIRST_VALUE + at));
        texts
    }

    /// Members of a structure in the model's order; none otherwise.
    pub fn members(self) -> impl ExactSizeIterator<Item = Member> + Clone {
        self.member_range().map(Member)
    }

    /// The member that boto3 calls `name`.
    ///
    /// ```
    /// let input = ec2_model::action("RunInstances").unwrap().input();
    /// assert_eq!(input.member("MinCount").unwrap().required(), true);
    /// ```
    #[must_use]
    pub fn member(self, name: &str) -> Option<Member> {
        self.members().find(|member| member.name_text().is(name))
    }

    /// As [`Self::member`], starting at the member after `last`: for callers that walk in about the model's order.
    #[must_use]
    pub fn member_after(self, last: Option<Member>, name: &str) -> Option<Member> {
        self.after(last).find(|member| member.name_text().is(name))
    }

    /// The member whose key in a request is `wire`.
    #[must_use]
    pub fn member_by_query(self, wire: &str) -> Option<Member> {
        self.members().find(|member| member.query_text().is(wire))
    }

    /// The member whose element in a response is `wire`.
    #[must_use]
    pub fn member_by_xml(self, wire: &str) -> Option<Member> {
        self.members().find(|member| member.xml_text().is(wire))
    }

    /// As [`Self::member_by_xml`], starting at `last` itself: for readers that walk in about the model's order.
    #[must_use]
    pub fn member_by_xml_after(self, last: Option<Member>, wire: &str) -> Option<Member> {
        self.after(last).find(|member| member.xml_text().is(wire))
    }

    fn after(self, last: Option<Member>) -> impl Iterator<Item = Member> {
        let all = self.member_range();
        let middle = last
            .map_or(all.start, |last| last.0.saturating_add(1))
            .clamp(all.start, all.end);
        (middle..all.end).chain(all.start..middle).map(Member)
    }

    /// Shape of a list's items; `None` if this is no list.
    #[must_use]
    pub fn item(self) -> Option<Shape> {
        self.list()
            .map(|list| Shape(table::ITEM_SHAPES.number(list)))
    }

    /// Element around each item of a list in a response, mostly `item`; empty if this is no list.
    #[must_use]
    pub fn item_xml(self) -> &'static str {
        self.list()
            .map_or("", |list| Text(table::ITEM_NAMES.number(list)).get())
    }

    /// Values that the model lists for a text, in its order; none if any text goes.
    pub fn enum_values(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.value_range()
            .map(|at| Text(table::FIRST_VALUE + at).get())
    }

    fn value_range(self) -> std::ops::Range<u16> {
        match self.0 {
            table::FIRST_ENUM..table::FIRST_PLAIN => {
                table::VALUE_STARTS.range(self.0 - table::FIRST_ENUM)
            }
            _ => 0..0,
        }
    }
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({:?})", self.name(), self.kind())
    }
}

/// One member of one structure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Member(u16);

impl Member {
    #[inline]
    fn flag(self, flag: u8) -> bool {
        table::MEMBER_FLAGS.byte(self.0) & flag != 0
    }

    #[inline]
    fn name_text(self) -> Text {
        Text(table::MEMBER_NAMES.number(self.0))
    }

    #[inline]
    fn wire_text(self) -> Text {
        Text(
            table::MEMBER_NAMES
                .number(self.0)
                .wrapping_add(table::MEMBER_WIRES.number(self.0)),
        )
    }

    #[inline]
    fn xml_text(self) -> Text {
        self.wire_text()
    }

    #[inline]
    fn query_text(self) -> Text {
        if self.flag(table::REQUEST_ONLY) {
            self.wire_text()
        } else if self.flag(table::QUERY_ASIDE) {
            table::aside(self.0).map_or(self.name_text(), |at| Text(table::ASIDE_NAMES.number(at)))
        } else {
            self.name_text()
        }
    }

    /// boto3's name, `BlockDeviceMappings`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name_text().get()
    }

    /// Type of its value.
    #[inline]
    #[must_use]
    pub fn shape(self) -> Shape {
        Shape(table::MEMBER_SHAPES.number(self.0))
    }

    /// Key in a request, `BlockDeviceMapping`. In a structure that only responses hold it is [`Self::name`].
    #[must_use]
    pub fn query_name(self) -> &'static str {
        self.query_text().get()
    }

    /// Element in a response, `blockDeviceMapping`. In a structure that only requests hold it is [`Self::query_name`].
    #[must_use]
    pub fn xml_name(self) -> &'static str {
        self.xml_text().get()
    }

    /// Whether a request without it is refused.
    #[must_use]
    pub fn required(self) -> bool {
        self.flag(table::REQUIRED)
    }

    /// Whether its value must not be shown.
    #[must_use]
    pub fn sensitive(self) -> bool {
        self.shape().sensitive()
    }

    /// Whether clients fill it by themselves with a random token.
    #[must_use]
    pub fn idempotency_token(self) -> bool {
        self.flag(table::TOKEN)
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {:?}", self.name(), self.shape())
    }
}
