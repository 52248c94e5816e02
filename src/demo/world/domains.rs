//! The domains of the tenant, verified or not.

use serde_json::{Value, json};

/// One domain.
pub struct Domain {
    /// The fully qualified name, which is its id.
    pub name: &'static str,
    /// `Managed` or `Federated`.
    pub authentication: &'static str,
    /// Its ownership was proved.
    pub verified: bool,
    /// What it is used for.
    pub services: &'static [&'static str],
    /// Days that a password is valid, and before its end to warn; none where the default holds.
    pub password_days: Option<(u32, u32)>,
}

/// All of them: the default one first, then the initial one.
pub const DOMAINS: &[Domain] = &[
    Domain {
        name: "contoso.com",
        authentication: "Managed",
        verified: true,
        services: &["Email", "OfficeCommunicationsOnline"],
        password_days: Some((2_147_483_647, 30)),
    },
    Domain {
        name: "contoso.onmicrosoft.com",
        authentication: "Managed",
        verified: true,
        services: &["Email"],
        password_days: None,
    },
    // Taken over with a developer tenant; one user still has an address there.
    Domain {
        name: "BMC1016.onmicrosoft.com",
        authentication: "Managed",
        verified: true,
        services: &["Email"],
        password_days: Some((90, 14)),
    },
    // A domain below a verified one is no root.
    Domain {
        name: "corp.contoso.com",
        authentication: "Federated",
        verified: true,
        services: &[],
        password_days: None,
    },
    // Nobody ever proved that this one is ours.
    Domain {
        name: "xn--mller-kva.example",
        authentication: "Managed",
        verified: false,
        services: &[],
        password_days: None,
    },
];

impl Domain {
    fn is_default(&self) -> bool {
        self.name == DOMAINS[0].name
    }

    fn is_initial(&self) -> bool {
        self.name == DOMAINS[1].name
    }

    /// The domain resource.
    pub fn resource(&self) -> Value {
        let (valid, notice) = self.password_days.unzip();
        let state = (!self.verified).then(
            || json!({"lastActionDateTime": null, "operation": "ForceDelete", "status": "InProgress"}),
        );
        json!({
            "id": self.name, "authenticationType": self.authentication, "isVerified": self.verified,
            "isDefault": self.is_default(), "isInitial": self.is_initial(), "isAdminManaged": true,
            "isRoot": self.verified && self.name != "corp.contoso.com",
            // Only the verify action fills this in.
            "availabilityStatus": null, "manufacturer": null, "model": null,
            "passwordValidityPeriodInDays": valid, "passwordNotificationWindowInDays": notice,
            "supportedServices": self.services, "state": state,
        })
    }

    /// The same as the organization lists it.
    pub fn in_organization(&self) -> Value {
        json!({
            "capabilities": self.services.join(", "), "isDefault": self.is_default(), "isInitial": self.is_initial(),
            "name": self.name, "type": self.authentication,
        })
    }
}
