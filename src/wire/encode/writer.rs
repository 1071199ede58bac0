//! Protobuf, field by field into one buffer, for messages that are made too often to be built first.
//!
//! A field that has its default value is left out, as proto3 wants it; what is optional and there is written in any
//! case. Fields must come in the order of their numbers: that is what makes the bytes the ones that prost writes.

use std::fmt::{Display, Write};

use prost::encoding::{encode_varint, encoded_len_varint};

use crate::quantity::{Exact, Points};

/// Wire types.
const VARINT: u32 = 0;
const BYTES: u32 = 2;

#[derive(Default)]
pub(super) struct Writer {
    out: Vec<u8>,
    room: String,
}

impl Writer {
    pub fn with_capacity(bytes: usize) -> Self {
        Writer { out: Vec::with_capacity(bytes), room: String::new() }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn key(&mut self, tag: u32, wire_type: u32) {
        self.varint(u64::from(tag << 3 | wire_type));
    }

    #[inline]
    fn varint(&mut self, value: u64) {
        match u8::try_from(value) {
            Ok(byte) if byte < 0x80 => self.out.push(byte),
            _ => encode_varint(value, &mut self.out),
        }
    }

    pub fn text(&mut self, tag: u32, text: &str) {
        if !text.is_empty() {
            self.present(tag, text);
        }
    }

    /// A text that stands apart from being absent.
    pub fn optional(&mut self, tag: u32, text: Option<&str>) {
        if let Some(text) = text {
            self.present(tag, text);
        }
    }

    fn present(&mut self, tag: u32, text: &str) {
        self.key(tag, BYTES);
        self.varint(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.out.extend_from_slice(text.as_bytes());
    }

    /// A text that is written for this field only, and not empty.
    pub fn shown(&mut self, tag: u32, value: &dyn Display) {
        self.written(tag, |room| {
            // Writing to a string does not fail.
            let _ = write!(room, "{value}");
        });
    }

    pub fn points(&mut self, tag: u32, points: Points) {
        self.written(tag, |room| points.push_to(room));
    }

    pub fn maybe_points(&mut self, tag: u32, points: Option<Points>) {
        if let Some(points) = points {
            self.points(tag, points);
        }
    }

    pub fn maybe_exact(&mut self, tag: u32, number: Option<&Exact>) {
        if let Some(number) = number {
            self.written(tag, |room| number.push_to(room));
        }
    }

    /// A text that `write` writes; nothing where it writes nothing.
    pub fn written(&mut self, tag: u32, write: impl FnOnce(&mut String)) {
        let mut room = std::mem::take(&mut self.room);
        room.clear();
        write(&mut room);
        self.text(tag, &room);
        self.room = room;
    }

    /// A number or an enumeration's value.
    pub fn number(&mut self, tag: u32, number: i64) {
        if number != 0 {
            self.present_number(tag, number);
        }
    }

    pub fn optional_number(&mut self, tag: u32, number: Option<i64>) {
        if let Some(number) = number {
            self.present_number(tag, number);
        }
    }

    fn present_number(&mut self, tag: u32, number: i64) {
        self.key(tag, VARINT);
        self.varint(number.cast_unsigned());
    }

    pub fn boolean(&mut self, tag: u32, value: bool) {
        self.number(tag, i64::from(value));
    }

    /// A message, its fields written by `fields`; present even where that writes none.
    pub fn message(&mut self, tag: u32, fields: impl FnOnce(&mut Self)) {
        self.key(tag, BYTES);
        let begin = self.out.len();
        // Room for the length: most messages are shorter than what one byte tells.
        self.out.push(0);
        fields(self);
        let length = self.out.len() - begin - 1;
        let wide = u64::try_from(length).unwrap_or(u64::MAX);
        let more = encoded_len_varint(wide) - 1;
        if more > 0 {
            let end = self.out.len();
            self.out.resize(end + more, 0);
            self.out.copy_within(begin + 1..end, begin + 1 + more);
        }
        if let Some(mut room) = self.out.get_mut(begin..=begin + more) {
            encode_varint(wide, &mut room);
        }
    }
}
