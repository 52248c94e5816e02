//! What is known of the addresses that a request for a subscription names: whether they answered, or that they are to be asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::demo::error::{Answer, Fault};

/// What is known of them.
#[derive(Clone, Default)]
pub enum Validation {
    /// There is nobody to send from: every https address is believed, and nothing ever goes there.
    #[default]
    Believed,
    /// The request is only tried out: whom to ask is written down.
    Noted(Noted),
    /// They were asked; one that was not is not believed.
    Asked(Arc<HashMap<String, Outcome>>),
}

/// Addresses, each once.
#[derive(Clone, Default)]
pub struct Noted(Arc<Mutex<Vec<String>>>);

/// An address did as Graph wants it, or what is said of it instead.
pub type Outcome = Result<(), String>;

impl Noted {
    fn add(&self, url: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|known| known == url) {
            all.push(url.to_string());
        }
    }

    /// What was written down.
    pub fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Validation {
    /// 400 for an address that did not answer as it should.
    pub fn of(&self, url: &str) -> Answer<()> {
        match self {
            Validation::Believed => Ok(()),
            Validation::Noted(noted) => {
                noted.add(url);
                Ok(())
            }
            Validation::Asked(outcomes) => match outcomes.get(url) {
                Some(Ok(())) => Ok(()),
                Some(Err(reason)) => Err(failed(reason)),
                None => Err(failed("The notification endpoint was not asked.")),
            },
        }
    }

    /// Whether somebody sends: then plain http is good enough on this machine, and what cannot be sent is refused.
    pub fn sends(&self) -> bool {
        !matches!(self, Validation::Believed)
    }
}

/// In the words of Graph (I splunk/azure-functions-splunk#26; the code was `InvalidRequest` until about 2021, I nodejs-webhooks-sample#350).
fn failed(reason: &str) -> Fault {
    Fault::new(400, "ValidationError", reason)
}
