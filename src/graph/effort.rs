//! What one request took, its retries included.

use std::sync::Arc;
use std::time::Duration;

use super::log::Log;

/// What came of a call, for the log.
#[derive(Clone, Default)]
pub struct Effort {
    /// The last status.
    pub status: Option<u16>,
    /// Tries.
    pub attempts: u32,
    /// Time waited on the service's demand.
    pub waited: Duration,
    /// Graph's id of the last try.
    pub request_id: Option<String>,
    /// Hears of waits while they last.
    log: Option<Arc<Log>>,
}

impl Effort {
    /// An effort whose waits a log hears of.
    pub fn heard_by(log: &Arc<Log>) -> Self {
        Self {
            log: Some(Arc::clone(log)),
            ..Self::default()
        }
    }

    /// Waits before the next try.
    pub(super) async fn wait(&mut self, time: Duration) {
        self.waited += time;
        if let Some(log) = &self.log {
            log.waits(time);
        }
        tokio::time::sleep(time).await;
    }
}
