-- Which of my contacts have the same mail address?
-- For: assistants
-- ContactEmails has a row for each address, so no JSON; as many requests as the address book has pages.
SELECT lower(address)                        AS address,
       count(DISTINCT ContactId)             AS contacts,
       group_concat(DISTINCT displayName)    AS names
  FROM ContactEmails
 WHERE address <> ''
 GROUP BY lower(address)
HAVING contacts > 1
 ORDER BY contacts DESC, address
 LIMIT 20;
