//! Septets packed into octets, eight into seven (3GPP TS 23.038, 6.1.2), and back.
//! Never knows what the septets say.

const CARRIAGE_RETURN: u8 = 0x0D;

/// The octets of septets; the first `skip` bits stay zero (the fill bits after a header, TS 23.040, 9.2.3.24), so do those that are left over (6.1.2.1.1).
/// Whoever unpacks must be told how many septets there are: seven zeros at the end could as well be an `@`.
pub fn pack(septets: &[u8], skip: usize) -> Vec<u8> {
    let bits = skip + septets.len() * 7;
    let mut octets = vec![0; bits.div_ceil(8)];
    for (index, septet) in septets.iter().enumerate() {
        let at = skip + index * 7;
        let wide = u16::from(septet & 0x7F) << (at % 8);
        octets[at / 8] |= wide as u8;
        if wide > 0xFF {
            octets[at / 8 + 1] |= (wide >> 8) as u8;
        }
    }
    octets
}

/// The opposite of [`pack`]: at most `count` septets after the first `skip` bits, fewer if the octets end before.
pub fn unpack(octets: &[u8], skip: usize, count: usize) -> Vec<u8> {
    let there = (octets.len() * 8).saturating_sub(skip) / 7;
    let septets = (0..count.min(there)).map(|index| {
        let at = skip + index * 7;
        let high = octets.get(at / 8 + 1).copied().unwrap_or_default();
        let wide = u16::from_le_bytes([octets[at / 8], high]);
        (wide >> (at % 8)) as u8 & 0x7F
    });
    septets.collect()
}

/// For a link that tells the number of octets and not of septets: seven bits left over become a carriage return, which nobody sees,
/// and a carriage return that ends a whole octet is doubled (6.1.2.3.1, said there of USSD).
pub fn pack_padded(septets: &[u8]) -> Vec<u8> {
    let ends_whole = !septets.is_empty() && septets.len().is_multiple_of(8);
    if septets.len() % 8 == 7 || (ends_whole && septets.last() == Some(&CARRIAGE_RETURN)) {
        return pack(&[septets, &[CARRIAGE_RETURN]].concat(), 0);
    }
    pack(septets, 0)
}

/// The opposite of [`pack_padded`]. Where the last septet ends with its octet and is a carriage return, it was padding.
/// An `@` there stays: a sender who padded with zeros cannot be told from one who wrote it.
pub fn unpack_padded(octets: &[u8]) -> Vec<u8> {
    let mut septets = unpack(octets, 0, usize::MAX);
    if !septets.is_empty() && septets.len().is_multiple_of(8) && septets.last() == Some(&CARRIAGE_RETURN) {
        septets.pop();
    }
    septets
}

/// UTF-16, the higher octet first. What 23.038 calls UCS-2; every telephone reads surrogate pairs.
pub fn encode_ucs2(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// What cannot be read (half a surrogate pair, an odd octet at the end) becomes U+FFFD.
pub fn decode_ucs2(octets: &[u8]) -> String {
    let pairs = octets.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let text = char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER));
    text.chain(odd.then_some(char::REPLACEMENT_CHARACTER)).collect()
}
