//! The request of every case is the same after it was written in any dialect and read again.

use ingest::{Dialect, read, write};

/// Clients that cannot send the request: what is written says so in a comment.
const UNSAYABLE: [(&str, Dialect); 2] = [
    // The AWS CLI and boto3 make the base64 text of user data themselves, so it cannot be a wrong one.
    ("instance/run-malformed-user-data.yaml", Dialect::Cli),
    ("instance/run-malformed-user-data.yaml", Dialect::Boto3),
];

#[test]
fn the_request_of_every_case_is_the_same_in_every_dialect() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in cases::all().unwrap_or_else(|why| panic!("{why}")) {
        let given = read(case.resolved_request(), None);
        // What cannot be read whole cannot be written whole.
        let Some(request) = given.request.as_ref().filter(|_| !given.has_errors()) else {
            continue;
        };
        for dialect in Dialect::ALL {
            let text = write(request, dialect);
            let reading = read(&text, None);
            compared += 1;
            let same = reading.request.as_ref().is_some_and(|again| {
                again.action == request.action && again.parameters == request.parameters
            });
            let sayable = !UNSAYABLE.contains(&(case.path.as_str(), dialect));
            if reading.dialect != dialect || same != sayable {
                wrong.push(format!(
                    "{} as {dialect:?}, read as {:?}: {:?}\n{text}",
                    case.path, reading.dialect, reading.diagnostics
                ));
            }
        }
    }
    assert!(compared > 2000, "{compared} requests");
    assert!(
        wrong.is_empty(),
        "{} of {compared}\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
