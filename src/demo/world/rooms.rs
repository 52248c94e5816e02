//! The meeting rooms of the tenant and the lists they stand in: the four rooms of the directory first.

use serde_json::{Value, json};

use super::people::User;
use crate::demo::random::{guid, mix};

/// How many rooms there are: more than one page.
pub const ROOMS: usize = 120;

/// A room or a list of rooms.
pub struct Space {
    /// Its id.
    pub id: String,
    /// Its mail address; one room has none.
    pub address: Option<String>,
    /// Its name.
    pub name: String,
    /// Everything that it shows.
    pub properties: Value,
}

impl Space {
    /// Is this what a path segment names, by id or by address?
    pub fn is(&self, key: &str) -> bool {
        self.id.eq_ignore_ascii_case(key) || self.has_address(key)
    }

    /// Is this its address?
    pub fn has_address(&self, address: &str) -> bool {
        let own = self.address.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(address))
    }
}

/// Name and address of the lists; the last but one is of a site that is closed.
const LISTS: &[(Option<&str>, &str)] = &[
    (Some("Building 5"), "building5@contoso.com"),
    (Some("O'Brien House"), "obrien.house@contoso.com"),
    (Some("München 100%"), "muenchen@contoso.com"),
    (Some("Tower_A"), "tower_a@contoso.com"),
    (Some("🎉 Events / \"Fairs\""), "fairs@contoso.com"),
    (Some("Closed site"), "closed@contoso.com"),
    (None, "nameless@contoso.com"),
];

/// The rooms.
pub fn rooms(users: &[User]) -> Vec<Space> {
    let mut resources = users.iter().filter(|user| user.upn.starts_with("room"));
    (0..ROOMS)
        .map(|number| room(number, resources.next()))
        .collect()
}

/// The room lists.
pub fn lists() -> Vec<Space> {
    let all = LISTS.iter().enumerate();
    all.map(|(number, (name, address))| {
        let id = guid(&[231, number as u64]);
        let properties = json!({
            "id": id, "displayName": name, "emailAddress": address,
            "address": address_of(number), "geoCoordinates": coordinates(number),
            "phone": number.is_multiple_of(2).then_some("+1 425 555 0199"),
        });
        Space {
            id,
            address: Some(address.to_string()),
            name: name.unwrap_or_default().to_string(),
            properties,
        }
    })
    .collect()
}

/// The rooms of a list: every sixth room stands in none, and the last one in two.
pub fn of_list(list: usize) -> Vec<usize> {
    let stands_in = |room: usize| match room % 6 {
        5 => false,
        place => place == list,
    };
    (0..ROOMS)
        .filter(|room| stands_in(*room) || (*room + 1 == ROOMS && (list == 0 || list == 6)))
        .collect()
}

/// The id of a room.
pub fn id(number: usize) -> String {
    guid(&[230, number as u64])
}

fn name(number: usize, resource: Option<&User>) -> String {
    match (number, resource) {
        (_, Some(user)) => user.name.clone(),
        // As some events spell it.
        (4, None) => "Building 5, Room 12".into(),
        (5, None) => "O'Keeffe".into(),
        (6, None) => "\"Größe\" 50%".into(),
        (7, None) => "Aquarium 🐟".into(),
        (8, None) => "conf room adams".into(),
        (9, None) => format!("The room {}", "behind the room ".repeat(15))
            .trim()
            .into(),
        _ => format!("Room {number:03}"),
    }
}

fn room(number: usize, resource: Option<&User>) -> Space {
    let id = id(number);
    let name = name(number, resource);
    let address = match resource {
        Some(user) => user.mail.clone(),
        None if number + 1 == ROOMS => None,
        None => Some(format!("conf{number}@contoso.com")),
    };
    let lot = mix(&[232, number as u64]);
    let one_in = |n: u64| lot.is_multiple_of(n);
    let floor = (!number.is_multiple_of(7)).then_some(number as i64 % 9 - 1);
    let tags: &[&str] = match number % 4 {
        0 => &[],
        1 => &["bean bags"],
        _ => &["video", "bean bags", "O'Brien's"],
    };
    let properties = json!({
        "id": id,
        "displayName": name,
        "emailAddress": address,
        "nickname": number.is_multiple_of(5).then_some(&name),
        "label": number.is_multiple_of(9).then_some("LABEL"),
        "building": (number % 6 != 5).then(|| LISTS[number % 6].0),
        "floorNumber": floor,
        "floorLabel": floor.filter(|floor| *floor < 1).map(|floor| if floor < 0 { "B1" } else { "Ground" }),
        "capacity": (!number.is_multiple_of(11)).then_some(2 + lot % 30),
        "bookingType": (["standard", "standard", "reserved", "unknown"][number % 4]),
        "isWheelChairAccessible": (!one_in(5)).then_some(one_in(2)),
        "audioDeviceName": one_in(3).then_some("Speaker & microphone"),
        "videoDeviceName": one_in(4).then_some("Camera \"4K\""),
        "displayDeviceName": one_in(6).then_some("Surface Hub"),
        "tags": tags,
        "phone": one_in(7).then_some("+49 89 555 0100"),
        "address": address_of(number),
        "geoCoordinates": coordinates(number),
    });
    Space {
        id,
        address,
        name,
        properties,
    }
}

fn address_of(number: usize) -> Value {
    match number % 5 {
        0 => {
            json!({"street": "4567 Main Street", "city": "Buffalo", "state": "NY", "postalCode": "98052", "countryOrRegion": "USA"})
        }
        2 => {
            json!({"street": "Marienplatz 8", "city": "München", "state": null, "postalCode": "80331", "countryOrRegion": "Germany"})
        }
        _ => Value::Null,
    }
}

fn coordinates(number: usize) -> Value {
    match number % 5 {
        0 => json!({"latitude": 47.640568390488626, "longitude": -122.1293731033803}),
        2 => {
            json!({"latitude": 48.137154, "longitude": 11.576124, "altitude": 519.0, "accuracy": null, "altitudeAccuracy": null})
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;
    use crate::demo::world::people;

    #[test]
    fn every_property_is_null_somewhere_and_set_somewhere() {
        let rooms = rooms(&people::all());
        assert_eq!(rooms[0].address.as_deref(), Some("room52@contoso.com"));
        for (name, kind) in schema::properties("room") {
            let null = rooms.iter().filter(|room| room.properties[name].is_null());
            let null = null.count();
            assert!(null < ROOMS, "{name} is never set");
            let always = ["id", "displayName", "bookingType"].contains(&name);
            assert!(
                null > 0 || always || kind.starts_with("Collection"),
                "{name}"
            );
        }
        assert!(of_list(5).is_empty());
        assert_eq!(of_list(6), [119]);
    }
}
