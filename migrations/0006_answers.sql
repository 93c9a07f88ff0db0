-- No message has such a number: with it a row could be read no more.
UPDATE messages SET reply_to = NULL WHERE reply_to > 9007199254740991;
