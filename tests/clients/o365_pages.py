"""Reads mail, events, people and files with the O365 library, which knows nothing of us."""

import sys

import wire

wire.lead_to(sys.argv[1])

from O365 import Account, MSGraphProtocol  # noqa: E402  (after the wire is laid)
from O365.utils.token import MemoryTokenBackend  # noqa: E402

account = Account(
    ("demo-client", "demo-secret"),
    auth_flow_type="credentials",
    tenant_id="contoso.com",
    main_resource="adele@contoso.com",
    protocol=MSGraphProtocol(timezone="UTC"),
    token_backend=MemoryTokenBackend(),
)
assert account.authenticate(), "no token"

mailbox = account.mailbox()
messages = list(mailbox.get_messages(limit=130, batch=50))
assert len({message.object_id for message in messages}) == 130, len(messages)
inbox = mailbox.inbox_folder()
assert inbox.name == "Inbox" and len(list(inbox.get_messages(limit=25))) == 25
names = {folder.name for folder in mailbox.get_folders(limit=50)}
assert {"Inbox", "Archive", "Projects"} <= names, names
unread = list(mailbox.get_messages(limit=20, query=mailbox.new_query().equals("is_read", False)))
assert len(unread) == 20 and not any(message.is_read for message in unread)

users = list(account.directory().get_users(limit=None, batch=20))
assert len(users) == 60, len(users)

calendar = account.schedule().get_default_calendar()
events = list(calendar.get_events(include_recurring=False, limit=None, batch=40))
assert len(events) > 80, len(events)

drive = account.storage().get_default_drive()
items = list(drive.get_root_folder().get_items(limit=None, batch=5))
assert any(item.name == "Projects" and item.is_folder for item in items), items

print("O365: mail, folders, filter, people, events and files read")
