from collections import Counter
from datetime import UTC, datetime, timedelta
import re
from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.fakes import FakeMail
from tests.studio import a_studio, ANN
from tests.guest_season import play
from calls.messages.guest_mails import *
def test_all(database: Database, clock: SetClock):
    studio = a_studio(database, clock, FakeMail(clock))
    studio.register(ANN, 5); studio.work()
    play(studio, 4)
    sent=Counter()
    for m in studio.messages():
        print(m.kind, m.state, m.fault, m.sent_at, m.subject)
    seen=set()
    for l in studio.mail.letters:
        if 'ann' in l.to: continue
        k=re.sub(r'[A-Z][a-z]+ [A-Z][a-z]+|\d+|Tue|Wed|Jan|Dec','',l.subject)
        if k in seen: continue
        seen.add(k)
        print('='*100); print(l.to, '|', l.subject,'|', l.mail['Reply-To'], l.method, l.entry('STATUS'), l.entry('SEQUENCE'), l.entry('UID')[:8]); print(l.text); 
