/** All text on the page, by language. Placeholders are in braces. */
export const messages = {
  'page.title': { en: 'MFA devices', de: 'MFA-Geräte' },
  'page.signOut': { en: 'Sign out', de: 'Abmelden' },
  'page.signedOut': {
    en: 'You are signed out. Your access key has been forgotten.',
    de: 'Sie sind abgemeldet. Ihr Zugriffsschlüssel wurde verworfen.',
  },
  'time.now': { en: 'just now', de: 'gerade eben' },
  'action.cancel': { en: 'Cancel', de: 'Abbrechen' },
  'action.save': { en: 'Save', de: 'Speichern' },
  'action.working': { en: 'Working …', de: 'Einen Moment …' },
  'action.slow': {
    en: 'This is taking longer than usual. Please keep the page open.',
    de: 'Das dauert länger als sonst. Bitte lassen Sie die Seite geöffnet.',
  },
  'action.tryAgain': { en: 'Try again', de: 'Noch einmal versuchen' },
  'action.signInAgain': { en: 'Sign in again', de: 'Neu anmelden' },

  'signIn.title': { en: 'Sign in', de: 'Anmelden' },
  'signIn.intro': {
    en: 'Manage the MFA devices of your AWS user. Your key stays in this tab and is forgotten when you leave the page.',
    de: 'Verwalten Sie die MFA-Geräte Ihres AWS-Benutzers. Ihr Schlüssel bleibt in diesem Tab und wird verworfen, sobald Sie die Seite verlassen.',
  },
  'signIn.accessKeyId': { en: 'Access key ID', de: 'Zugriffsschlüssel-ID (Access key ID)' },
  'signIn.secret': { en: 'Secret access key', de: 'Geheimer Zugriffsschlüssel (Secret access key)' },
  'signIn.paste': { en: 'Paste credentials instead', de: 'Stattdessen Zugangsdaten einfügen' },
  'signIn.pasteField': { en: 'Key or session credentials', de: 'Schlüssel oder Sitzungsdaten' },
  'signIn.pasteHint': {
    en: 'As JSON, as “export AWS_…” lines, or from a profile, with or without a session token.',
    de: 'Als JSON, als „export AWS_…“-Zeilen oder aus einem Profil, auch mit Session-Token.',
  },
  'signIn.malformedKey': {
    en: 'Enter the access key ID. It begins with AKIA or ASIA.',
    de: 'Geben Sie die Zugriffsschlüssel-ID ein. Sie beginnt mit AKIA oder ASIA.',
  },
  'signIn.noSecret': {
    en: 'Enter the secret access key.',
    de: 'Geben Sie den geheimen Zugriffsschlüssel ein.',
  },
  'signIn.needsToken': {
    en: 'A key that begins with ASIA needs its session token. Paste all three values.',
    de: 'Ein Schlüssel, der mit ASIA beginnt, braucht sein Session-Token. Fügen Sie alle drei Werte ein.',
  },
  'signIn.malformedPaste': {
    en: 'This text does not contain an access key ID with its secret. Paste the whole block that you were given.',
    de: 'Der Text enthält keine Zugriffsschlüssel-ID mit geheimem Zugriffsschlüssel. Fügen Sie den ganzen Block ein, den Sie bekommen haben.',
  },

  'devices.title': { en: 'Your MFA devices', de: 'Ihre MFA-Geräte' },
  'devices.of': { en: '{userName}, account {accountId}', de: '{userName}, Konto {accountId}' },
  'devices.loading': { en: 'Loading …', de: 'Wird geladen …' },
  'devices.add': { en: 'Add a device', de: 'Gerät hinzufügen' },
  'devices.refresh': { en: 'Refresh', de: 'Aktualisieren' },
  'devices.refreshed': { en: 'The list is up to date.', de: 'Die Liste ist aktuell.' },
  'devices.only': {
    en: 'This is your only device. Add a second one so that you are not locked out if you lose it.',
    de: 'Das ist Ihr einziges Gerät. Fügen Sie ein zweites hinzu, damit Sie nicht ausgesperrt sind, falls Sie es verlieren.',
  },
  'devices.full': {
    en: 'You have eight devices, the most that AWS allows. Remove one before you add or replace another.',
    de: 'Sie haben acht Geräte, mehr lässt AWS nicht zu. Entfernen Sie eines, bevor Sie ein anderes hinzufügen oder ersetzen.',
  },
  'device.active': { en: 'Active', de: 'Aktiv' },
  'device.pending': { en: 'Not finished', de: 'Unvollständig' },
  'device.kind.virtual': { en: 'Authenticator app', de: 'Authenticator-App' },
  'device.kind.hardware-totp': { en: 'Hardware token', de: 'Hardware-Token' },
  'device.kind.fido': { en: 'Security key or passkey', de: 'Sicherheitsschlüssel oder Passkey' },
  'device.name': { en: 'Name: {name}', de: 'Name: {name}' },
  'device.enabled': { en: 'Enabled {when}', de: 'Aktiviert {when}' },
  'device.expires': {
    en: 'Deleted {when} unless you finish it',
    de: 'Wird {when} gelöscht, falls Sie die Einrichtung nicht abschließen',
  },
  'device.tags': { en: 'Tags', de: 'Tags' },
  'device.actions': { en: 'Actions for {name}', de: 'Aktionen für {name}' },
  'device.replace': { en: 'Replace', de: 'Ersetzen' },
  'device.resync': { en: 'Resynchronise', de: 'Synchronisieren' },
  'device.rename': { en: 'Rename', de: 'Umbenennen' },
  'device.editTags': { en: 'Edit tags', de: 'Tags bearbeiten' },
  'device.remove': { en: 'Remove', de: 'Entfernen' },
  'device.enterCodes': { en: 'Enter codes', de: 'Codes eingeben' },
  'device.startAgain': { en: 'New QR code', de: 'Neuer QR-Code' },

  'enrol.first': { en: 'Set up your first MFA device', de: 'Erstes MFA-Gerät einrichten' },
  'enrol.further': { en: 'Add a device', de: 'Gerät hinzufügen' },
  'enrol.replace': { en: 'Replace {name}', de: '{name} ersetzen' },
  'enrol.setUp': { en: 'Set up {name}', de: '{name} einrichten' },
  'enrol.intro': {
    en: 'You need an authenticator app on your phone, such as Google Authenticator, Microsoft Authenticator or 1Password.',
    de: 'Sie brauchen eine Authenticator-App auf dem Telefon, etwa Google Authenticator, Microsoft Authenticator oder 1Password.',
  },
  'enrol.replaceIntro': {
    en: 'Set up the new device first. {name} keeps working until then, and is removed as soon as the new one is active.',
    de: 'Richten Sie zuerst das neue Gerät ein. {name} funktioniert bis dahin und wird entfernt, sobald das neue aktiv ist.',
  },
  'enrol.name': { en: 'Device name', de: 'Name des Geräts' },
  'enrol.newName': { en: 'New device name', de: 'Name des neuen Geräts' },
  'enrol.nameHint': {
    en: 'Letters, digits, dots, hyphens and underscores.',
    de: 'Buchstaben, Ziffern, Punkte, Binde- und Unterstriche.',
  },
  'enrol.malformedName': {
    en: 'Use 1 to 64 letters, digits, dots, hyphens or underscores, without spaces.',
    de: 'Verwenden Sie 1 bis 64 Buchstaben (keine Umlaute), Ziffern, Punkte, Binde- oder Unterstriche, keine Leerzeichen.',
  },
  'enrol.addLabel': { en: 'Add a label', de: 'Bezeichnung hinzufügen' },
  'enrol.label': { en: 'Label (optional)', de: 'Bezeichnung (optional)' },
  'enrol.labelHint': {
    en: 'What you call the device, for example “Work phone”.',
    de: 'So nennen Sie das Gerät, etwa Diensthandy.',
  },
  'enrol.pass': { en: 'Enrolment pass', de: 'Einrichtungspass' },
  'enrol.passHint': {
    en: 'Your help desk gives it to you in person. It is valid for an hour.',
    de: 'Sie bekommen ihn persönlich von Ihrem Helpdesk. Er gilt eine Stunde.',
  },
  'enrol.noPass': {
    en: 'Enter the enrolment pass. You get it from your help desk.',
    de: 'Geben Sie den Einrichtungspass ein. Ihr Helpdesk hat ihn für Sie.',
  },
  'enrol.malformedPass': {
    en: 'A pass has six groups of four characters: letters, or digits from 2 to 7. Check what you entered.',
    de: 'Ein Pass hat sechs Gruppen aus je vier Buchstaben oder Ziffern von 2 bis 7. Prüfen Sie ihn.',
  },
  'enrol.showQr': { en: 'Show QR code', de: 'QR-Code anzeigen' },
  'enrol.scan': { en: 'Scan this with your authenticator app', de: 'Mit der Authenticator-App scannen' },
  'enrol.qrAlt': {
    en: 'QR code with the key for {name}. The key is also below as text.',
    de: 'QR-Code mit dem Schlüssel von {name}. Der Schlüssel steht auch darunter als Text.',
  },
  'enrol.manual': { en: 'I cannot scan it', de: 'Ich kann ihn nicht scannen' },
  'enrol.manualHint': {
    en: 'Enter this key in your app (time-based, 6 digits):',
    de: 'Geben Sie diesen Schlüssel in Ihre App ein (zeitbasiert, 6 Ziffern):',
  },
  'enrol.copy': { en: 'Copy key', de: 'Schlüssel kopieren' },
  'enrol.copied': { en: 'The key has been copied.', de: 'Der Schlüssel ist in der Zwischenablage.' },
  'enrol.notCopied': {
    en: 'Your browser does not allow this. Select the key and copy it yourself.',
    de: 'Der Browser lässt das nicht zu. Markieren Sie den Schlüssel und kopieren Sie ihn selbst.',
  },
  'enrol.open': { en: 'Open in an app on this device', de: 'In einer App auf diesem Gerät öffnen' },
  'enrol.codes': { en: 'Enter two codes, one after the other', de: 'Zwei Codes nacheinander eingeben' },
  'enrol.done': {
    en: '{name} is active. You can sign in to AWS with it in about {seconds} seconds.',
    de: '{name} ist aktiv. In etwa {seconds} Sekunden können Sie sich damit bei AWS anmelden.',
  },
  'enrol.replaced': {
    en: '{name} is active, and {old} has been removed.',
    de: '{name} ist aktiv, {old} wurde entfernt.',
  },
  'enrol.activate': { en: 'Activate device', de: 'Gerät aktivieren' },
  'hardware.have': { en: 'I have a hardware token', de: 'Ich habe ein Hardware-Token' },
  'hardware.notFirst': {
    en: 'A token can be your second device. Set up an authenticator app first, then add the token.',
    de: 'Ein Token kann Ihr zweites Gerät sein. Richten Sie zuerst eine Authenticator-App ein und fügen Sie das Token danach hinzu.',
  },
  'hardware.title': { en: 'Add a hardware token', de: 'Hardware-Token hinzufügen' },
  'hardware.intro': {
    en: 'Have the token to hand. It shows a new code about every 30 seconds.',
    de: 'Halten Sie das Token bereit. Es zeigt etwa alle 30 Sekunden einen neuen Code.',
  },
  'hardware.serial': { en: 'Serial number', de: 'Seriennummer' },
  'hardware.serialHint': {
    en: 'It is printed on the back of the token.',
    de: 'Sie steht auf der Rückseite des Tokens.',
  },
  'hardware.malformed': {
    en: 'Enter the whole serial number: at least 9 letters, digits, hyphens or underscores.',
    de: 'Geben Sie die ganze Seriennummer ein: mindestens 9 Buchstaben, Ziffern, Binde- oder Unterstriche.',
  },
  'hardware.unknown': {
    en: 'AWS does not know a token with this serial number. Check the number, or ask your administrator.',
    de: 'AWS kennt kein Token mit dieser Seriennummer. Prüfen Sie die Nummer oder fragen Sie Ihren Administrator.',
  },

  'codes.first': { en: 'First code', de: 'Erster Code' },
  'codes.second': { en: 'Next code', de: 'Nächster Code' },
  'codes.next': { en: 'Next code in {seconds}\u00a0s', de: 'Nächster Code in {seconds}\u00a0s' },
  'codes.hint': {
    en: 'Enter the code shown now. Then wait until it changes, and enter the new one.',
    de: 'Geben Sie den aktuellen Code ein. Warten Sie, bis er wechselt, und geben Sie dann den neuen ein.',
  },
  'codes.wait': {
    en: 'Good. Now wait for the next code.',
    de: 'Gut. Warten Sie jetzt auf den nächsten Code.',
  },
  'codes.now': {
    en: 'There is a new code now: enter it as the next code.',
    de: 'Jetzt gibt es einen neuen Code: Geben Sie ihn als nächsten Code ein.',
  },
  'codes.malformed': { en: 'A code has six digits.', de: 'Ein Code hat sechs Ziffern.' },
  'codes.same': {
    en: 'This is the first code again. Wait until a new one is shown.',
    de: 'Das ist noch einmal der erste Code. Warten Sie, bis ein anderer angezeigt wird.',
  },

  'stepUp.title': { en: 'Confirm it’s you', de: 'Bitte bestätigen Sie, dass Sie es sind' },
  'stepUp.intro': {
    en: 'To make changes, enter a code from one of your active devices.',
    de: 'Für Änderungen brauchen Sie einen Code von einem Ihrer aktiven Geräte.',
  },
  'stepUp.code': { en: 'Code from {name}', de: 'Code von {name}' },
  'stepUp.anyCode': { en: 'Code', de: 'Code' },
  'stepUp.device': { en: 'Device', de: 'Gerät' },
  'stepUp.confirm': { en: 'Confirm', de: 'Bestätigen' },
  'stepUp.newDevice': {
    en: 'AWS did not know your new device yet. Enter the code it shows now.',
    de: 'AWS kannte Ihr neues Gerät noch nicht. Geben Sie den Code ein, den es jetzt zeigt.',
  },

  'resync.title': { en: 'Resynchronise {name}', de: '{name} synchronisieren' },
  'resync.intro': {
    en: 'This helps when AWS rejects a device’s codes because its clock is wrong.',
    de: 'Das hilft, wenn AWS die Codes eines Geräts ablehnt, weil dessen Uhr falsch geht.',
  },
  'resync.changesFrom': {
    en: 'This needed no MFA, so you can add, replace and remove devices only from {time} on.',
    de: 'Dafür war keine Anmeldung mit MFA nötig. Darum können Sie erst ab {time} Geräte hinzufügen, ersetzen und entfernen.',
  },
  'resync.done': { en: '{name} is in sync again.', de: '{name} ist wieder synchron.' },

  'rename.title': { en: 'Rename {name}', de: '{name} umbenennen' },
  'rename.label': { en: 'Label', de: 'Bezeichnung' },
  'rename.hint': { en: 'Leave it empty to show the name.', de: 'Leer lassen, um den Namen anzuzeigen.' },
  'tags.malformedValue': {
    en: 'Use at most 256 letters, digits, spaces or any of _ . : / = + - @',
    de: 'Verwenden Sie höchstens 256 Buchstaben, Ziffern, Leerzeichen oder _ . : / = + - @',
  },
  'rename.done': { en: 'The label has been saved.', de: 'Die Bezeichnung ist gespeichert.' },

  'tags.title': { en: 'Tags of {name}', de: 'Tags von {name}' },
  'tags.key': { en: 'Key', de: 'Schlüssel' },
  'tags.value': { en: 'Value', de: 'Wert' },
  'tags.add': { en: 'Add a tag', de: 'Tag hinzufügen' },
  'tags.delete': { en: 'Remove tag', de: 'Tag entfernen' },
  'tags.malformedKey': {
    en: 'Use 1 to 128 letters, digits, spaces or any of _ . : / = + - @ that do not begin with aws: or mfa-self-service:',
    de: 'Verwenden Sie 1 bis 128 Buchstaben, Ziffern, Leerzeichen oder _ . : / = + - @, nicht mit aws: oder mfa-self-service: am Anfang',
  },
  'tags.noKey': {
    en: 'Enter a key, or remove the tag.',
    de: 'Geben Sie einen Schlüssel ein oder entfernen Sie das Tag.',
  },
  'tags.twice': { en: 'This key already exists.', de: 'Diesen Schlüssel gibt es schon.' },
  'tags.done': { en: 'The tags have been saved.', de: 'Die Tags sind gespeichert.' },

  'remove.title': { en: 'Remove {name}?', de: '{name} entfernen?' },
  'remove.intro': {
    en: 'Its codes stop working immediately. Delete the entry in your app afterwards.',
    de: 'Die Codes gelten dann sofort nicht mehr. Löschen Sie danach den Eintrag in Ihrer App.',
  },
  'remove.keptByAws': {
    en: 'It stops working for your user. It can be set up again later.',
    de: 'Es gilt dann nicht mehr für Ihren Benutzer. Es lässt sich später wieder einrichten.',
  },
  'remove.last': {
    en: 'This is your last active device, so normally it cannot be removed: without it, anyone who finds your access key could set up a device of their own. Replace it, or add another device first.',
    de: 'Das ist Ihr letztes aktives Gerät, darum bleibt es in der Regel: Ohne Gerät könnte jeder, der Ihren Zugriffsschlüssel findet, ein eigenes einrichten. Ersetzen Sie es, oder fügen Sie zuerst ein anderes hinzu.',
  },
  'remove.replaceInstead': { en: 'Replace it', de: 'Ersetzen' },
  'remove.anyway': { en: 'Remove anyway', de: 'Trotzdem entfernen' },
  'remove.done': { en: '{name} has been removed.', de: '{name} wurde entfernt.' },

  'recovery.title': {
    en: 'Someone wants to remove your devices',
    de: 'Jemand möchte Ihre Geräte entfernen lassen',
  },
  'recovery.text': {
    en: '{who} requested this {when} for ticket {ticket} ({reason}). Devices: {devices}.',
    de: '{who} hat das {when} beantragt, für Ticket {ticket} ({reason}). Geräte: {devices}.',
  },
  'recovery.notYou': {
    en: 'If you did not ask your help desk for this, object now. One more person must then approve it.',
    de: 'Wenn Sie Ihren Helpdesk nicht darum gebeten haben, widersprechen Sie sofort. Dann muss eine weitere Person zustimmen.',
  },
  'recovery.object': { en: 'I object', de: 'Widersprechen' },
  'recovery.objected': {
    en: 'You objected. One more person must approve it. Tell your security team, too.',
    de: 'Sie haben widersprochen. Eine weitere Person muss zustimmen. Informieren Sie auch Ihr Sicherheitsteam.',
  },
  'recovery.approved': {
    en: 'This has been approved and is about to be carried out. If you did not ask for it, call your security team now.',
    de: 'Es ist genehmigt und wird gleich ausgeführt. Wenn Sie nicht darum gebeten haben, rufen Sie jetzt Ihr Sicherheitsteam an.',
  },
  'recovery.reason.lost': { en: 'lost', de: 'verloren' },
  'recovery.reason.stolen': { en: 'stolen', de: 'gestohlen' },
  'recovery.reason.broken': { en: 'broken', de: 'kaputt' },
  'recovery.reason.replaced': { en: 'replaced', de: 'ersetzt' },

  'problem.network': {
    en: 'The service cannot be reached. Check your connection and try again. What you entered is still here.',
    de: 'Der Dienst ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal. Ihre Eingaben sind noch da.',
  },
  'problem.late': {
    en: 'The service did not answer in time. The change may have been made anyway: check your devices, then try again.',
    de: 'Der Dienst hat nicht rechtzeitig geantwortet. Die Änderung kann trotzdem erfolgt sein: Sehen Sie in Ihrer Liste nach und versuchen Sie es dann noch einmal.',
  },
  'problem.unexpected': {
    en: 'Something between you and the service, perhaps a proxy, answered in its place. Try again, or tell whoever runs the service.',
    de: 'Etwas zwischen Ihnen und dem Dienst hat an seiner Stelle geantwortet, vielleicht ein Proxy. Versuchen Sie es noch einmal oder informieren Sie den Betreiber.',
  },
  'problem.sessionTooOld': {
    en: 'These session credentials were obtained without MFA, or too long ago. Get new ones and sign in again.',
    de: 'Diese Sitzungsdaten wurden ohne MFA oder vor zu langer Zeit erstellt. Holen Sie neue und melden Sie sich neu an.',
  },
  'problem.noDevice': {
    en: 'This needs a code, but none of your active devices shows codes. Sign in with session credentials obtained with MFA, or ask your help desk.',
    de: 'Dafür ist ein Code nötig, und keines Ihrer aktiven Geräte zeigt Codes an. Melden Sie sich mit Sitzungsdaten an, die mit MFA erstellt wurden, oder fragen Sie Ihren Helpdesk.',
  },
  'problem.validation-failed': {
    en: 'Something you entered is not valid. Correct it and try again.',
    de: 'Eine Eingabe hat nicht die richtige Form. Korrigieren Sie sie und versuchen Sie es noch einmal.',
  },
  'problem.unauthenticated': {
    en: 'AWS does not accept this key. Check that you copied all of it, that it is still active, and that this computer’s clock is right.',
    de: 'AWS akzeptiert diesen Schlüssel nicht. Prüfen Sie, ob Sie ihn vollständig kopiert haben, ob er noch aktiv ist und ob die Uhr dieses Computers stimmt.',
  },
  'problem.session-expired': {
    en: 'Your session has expired. Sign in again.',
    de: 'Ihre Sitzung ist abgelaufen. Melden Sie sich neu an.',
  },
  'problem.access-denied': {
    en: 'You are not allowed to do this. Ask your administrator for the self-service policy.',
    de: 'Sie dürfen das nicht. Bitten Sie Ihren Administrator um die Self-Service-Richtlinie.',
  },
  'problem.notInThisAccount': {
    en: 'This key is of no use here: it belongs to another AWS account than this page, or its user lacks the self-service policy. Each account has a page of its own. Ask your administrator for the address of yours.',
    de: 'Dieser Schlüssel gilt hier nicht: Er gehört zu einem anderen AWS-Konto als diese Seite, oder seinem Benutzer fehlt die Self-Service-Richtlinie. Jedes Konto hat eine eigene Seite. Fragen Sie Ihren Administrator nach der Adresse.',
  },
  'problem.step-up-required': {
    en: 'This needs a code from another of your devices. Sign in with your access key and try again.',
    de: 'Dafür ist ein Code von einem anderen Ihrer Geräte nötig. Melden Sie sich mit Ihrem Zugriffsschlüssel an und versuchen Sie es noch einmal.',
  },
  'problem.first-device-only': {
    en: 'You already have an active device, perhaps set up in another tab. Go back to your devices and add another one.',
    de: 'Sie haben schon ein aktives Gerät, vielleicht aus einem anderen Tab. Gehen Sie zu Ihren Geräten zurück und fügen Sie ein weiteres hinzu.',
  },
  'problem.enrolment-pass-required': {
    en: 'You need an enrolment pass. Ask your help desk for one and enter it here.',
    de: 'Sie brauchen einen Einrichtungspass. Bitten Sie Ihren Helpdesk darum und geben Sie ihn hier ein.',
  },
  'problem.enrolment-pass-invalid': {
    en: 'This pass is not valid: it is mistyped, more than an hour old or already used. Check it, or ask your help desk for a new one and start again.',
    de: 'Dieser Pass ist ungültig: Er ist vertippt, älter als eine Stunde oder schon benutzt. Prüfen Sie ihn, oder bitten Sie Ihren Helpdesk um einen neuen und beginnen Sie von vorn.',
  },
  'problem.device-not-found': {
    en: 'This device no longer exists. It has expired or was removed in another tab. Go back to your devices.',
    de: 'Dieses Gerät gibt es nicht mehr. Es ist abgelaufen oder wurde in einem anderen Tab entfernt. Gehen Sie zu Ihren Geräten zurück.',
  },
  'problem.user-not-found': {
    en: 'AWS no longer knows your user. Ask your administrator.',
    de: 'AWS kennt Ihren Benutzer nicht mehr. Fragen Sie Ihren Administrator.',
  },
  'problem.recovery-not-found': {
    en: 'This request no longer exists. Refresh the list.',
    de: 'Diesen Antrag gibt es nicht mehr. Aktualisieren Sie die Liste.',
  },
  'problem.device-exists': {
    en: 'You already have a device with this name. Choose another name.',
    de: 'Sie haben schon ein Gerät mit diesem Namen. Wählen Sie einen anderen.',
  },
  'problem.device-in-use': {
    en: 'Another user has this device. Choose another one, or ask your administrator.',
    de: 'Dieses Gerät gehört einem anderen Benutzer. Wählen Sie ein anderes oder fragen Sie Ihren Administrator.',
  },
  'problem.device-active': {
    en: 'The device has been activated again in the meantime. Check your devices, and remove it again if you still want to.',
    de: 'Das Gerät wurde inzwischen wieder aktiviert. Sehen Sie in Ihrer Liste nach und entfernen Sie es noch einmal, falls es weg soll.',
  },
  'problem.no-active-device': {
    en: 'You no longer have an active device. Go back to your devices and set up a new first one.',
    de: 'Sie haben kein aktives Gerät mehr. Gehen Sie zu Ihren Geräten zurück und richten Sie ein erstes ein.',
  },
  'problem.last-device': {
    en: 'This is your last active device, so it cannot be removed. Replace it, or add another one first.',
    de: 'Das ist Ihr letztes aktives Gerät, darum bleibt es. Ersetzen Sie es, oder fügen Sie zuerst ein anderes hinzu.',
  },
  'problem.not-taggable': {
    en: 'AWS stores labels and tags for authenticator apps only.',
    de: 'AWS speichert Bezeichnungen und Tags nur für Authenticator-Apps.',
  },
  'problem.not-resyncable': {
    en: 'This device has no clock that could be wrong, so there is nothing to resynchronise.',
    de: 'Dieses Gerät hat keine Uhr, die falsch gehen könnte. Es gibt nichts zu synchronisieren.',
  },
  'problem.recently-resynchronised': {
    en: 'Your device was resynchronised without MFA, so devices can be added, replaced and removed only from {time} on. If you cannot wait, ask your help desk. If it was not you, deactivate your access key and call your help desk now.',
    de: 'Ihr Gerät wurde ohne MFA synchronisiert. Darum können Sie erst ab {time} Geräte hinzufügen, ersetzen und entfernen. Wenn das zu spät ist, fragen Sie Ihren Helpdesk. Wenn Sie es nicht waren, deaktivieren Sie Ihren Zugriffsschlüssel und rufen Sie sofort Ihren Helpdesk an.',
  },
  'problem.tag-limit': {
    en: 'The device would have too many tags. Remove some first.',
    de: 'Das Gerät hätte zu viele Tags. Entfernen Sie zuerst einige.',
  },
  'problem.device-limit': {
    en: 'AWS does not allow any more devices. Remove one that you do not need.',
    de: 'Mehr Geräte lässt AWS nicht zu. Entfernen Sie eines, das Sie nicht brauchen.',
  },
  'problem.too-many-pending': {
    en: 'Too many of your devices are not enabled yet. Set up or remove one of them, or start again under its name. Devices that are never enabled are deleted after a while.',
    de: 'Zu viele Ihrer Geräte sind noch nicht aktiviert. Richten Sie eines davon ein, entfernen Sie es, oder beginnen Sie unter seinem Namen von vorn. Nie aktivierte Geräte werden nach einiger Zeit gelöscht.',
  },
  'problem.device-not-ready': {
    en: 'AWS does not know your new device yet. Wait {seconds} seconds and try again with a new code.',
    de: 'AWS kennt Ihr neues Gerät noch nicht. Warten Sie {seconds} Sekunden und versuchen Sie es mit einem neuen Code.',
  },
  'problem.recovery-closed': {
    en: 'It is too late for this: the request has already been decided. If you did not ask for it, call your security team.',
    de: 'Dafür ist es zu spät: Über den Antrag ist schon entschieden. Wenn er nicht von Ihnen stammt, rufen Sie Ihr Sicherheitsteam an.',
  },
  'problem.busy': {
    en: 'Another change to your devices is in progress. Try again in {seconds} seconds.',
    de: 'Eine andere Änderung Ihrer Geräte läuft noch. Versuchen Sie es in {seconds} Sekunden noch einmal.',
  },
  'problem.invalid-authentication-code': {
    en: 'AWS did not accept the code. Each code works only once: wait {seconds} seconds for the next one.',
    de: 'AWS hat den Code nicht akzeptiert. Jeder Code gilt nur einmal: Warten Sie {seconds} Sekunden auf den nächsten.',
  },
  'problem.invalid-codes': {
    en: 'AWS did not accept the codes. Enter two new ones, the second right after the first. The next one appears in {seconds} seconds.',
    de: 'AWS hat die Codes nicht akzeptiert. Geben Sie zwei neue ein, den zweiten direkt nach dem ersten. Der nächste kommt in {seconds} Sekunden.',
  },
  'problem.resyncMayHelp': {
    en: 'If this happens again, the device’s clock is wrong: set your phone’s time to automatic, or resynchronise the device.',
    de: 'Wenn das noch einmal geschieht, geht die Uhr des Geräts falsch: Stellen Sie die Zeit Ihres Telefons auf automatisch oder synchronisieren Sie das Gerät.',
  },
  'problem.throttled': {
    en: 'Too many attempts in a short time. Try again in {seconds} seconds.',
    de: 'Das waren zu viele Versuche in kurzer Zeit. Versuchen Sie es in {seconds} Sekunden noch einmal.',
  },
  'problem.throttledForLong': {
    en: 'Too many attempts in a short time. Try again in {minutes} minutes.',
    de: 'Das waren zu viele Versuche in kurzer Zeit. Versuchen Sie es in {minutes} Minuten noch einmal.',
  },
  'problem.upstream-failed': {
    en: 'AWS reported an error. The change may have been made anyway: check your devices, then try again.',
    de: 'AWS hat einen Fehler gemeldet. Die Änderung kann trotzdem erfolgt sein: Sehen Sie in Ihrer Liste nach und versuchen Sie es dann noch einmal.',
  },
  'problem.other': {
    en: 'Something went wrong. Try again. If it happens again, tell whoever runs the service.',
    de: 'Etwas ist fehlgeschlagen. Versuchen Sie es noch einmal. Wenn es wieder geschieht, informieren Sie den Betreiber.',
  },
  'problem.requestId': { en: 'Request {id}', de: 'Anfrage {id}' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
export type MessageKey = keyof typeof messages;

/** Each language's own name. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };
