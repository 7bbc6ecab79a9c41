//! An endpoint that answers by a table, and a story told to it.

use std::collections::VecDeque;
use std::sync::Mutex;

use conformance::{Ask, Client, Refusal, Reply, Report, Settings, Suite, Told};
use serde_json::{Value, json};

/// Answers in order, by action; remembers what was asked. Waiting moves its clock.
#[derive(Default)]
pub struct Endpoint {
    pub answers: Mutex<Vec<(&'static str, VecDeque<Reply>)>>,
    pub asked: Mutex<Vec<String>>,
    pub clock: Mutex<u64>,
    pub stops_after: Option<usize>,
}

impl Endpoint {
    pub fn new(answers: &[(&'static str, &[Reply])]) -> Self {
        let answers = answers
            .iter()
            .map(|(action, replies)| (*action, replies.iter().cloned().collect()))
            .collect();
        Self {
            answers: Mutex::new(answers),
            ..Self::default()
        }
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Client for Endpoint {
    async fn ask(&self, ask: &Ask) -> Reply {
        let parameters = Value::Object(ask.parameters.clone());
        let line = format!("{} {} {parameters}", ask.who.word(), ask.action);
        self.asked.lock().unwrap().push(line);
        let mut answers = self.answers.lock().unwrap();
        let found = answers.iter_mut().find(|(action, _)| *action == ask.action);
        match found {
            // The last answer stays.
            Some((_, replies)) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some((_, replies)) => replies[0].clone(),
            None => Reply::Answer(json!({})),
        }
    }

    async fn pause(&self, milliseconds: u64) {
        *self.clock.lock().unwrap() += milliseconds;
    }

    fn now(&self) -> u64 {
        *self.clock.lock().unwrap()
    }

    fn stopped(&self) -> bool {
        self.stops_after
            .is_some_and(|most| self.asked.lock().unwrap().len() >= most)
    }
}

pub fn refused(code: &str) -> Reply {
    Reply::Refused(Refusal {
        status: 400,
        code: code.to_owned(),
        message: "no".to_owned(),
    })
}

pub fn answered(value: Value) -> Reply {
    Reply::Answer(value)
}

const NEEDS: &str = "zone: { about: a zone, tries: [ { do: DescribeAvailabilityZones, take: 'AvailabilityZones[0].ZoneName' } ] }\nother: { about: another }\n";
const UNDO: &str = "
CreateVpc: { each: answer.Vpc.VpcId, do: DeleteVpc, with: { VpcId: '${it}' }, gone: [ InvalidVpcID.NotFound ], mark: TagSpecifications, resource_type: vpc }
CreateSubnet: { each: answer.Subnet.SubnetId, do: DeleteSubnet, with: { SubnetId: '${it}' } }
";

pub fn tell(steps: &str, endpoint: &Endpoint) -> (Told, Report) {
    let text = format!("title: t\n{steps}");
    let suite = Suite::read([("story", text.as_str())], NEEDS, UNDO).unwrap();
    let settings = Settings {
        name: "n".to_owned(),
        ..Settings::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (told, seen) = runtime.block_on(conformance::run(
        &suite,
        &suite.scenarios[0],
        &settings,
        endpoint,
    ));
    let report = Report {
        format: 1,
        endpoint: "http://e".to_owned(),
        client: "c".to_owned(),
        begun: "2026-01-01T00:00:00.000Z".to_owned(),
        milliseconds: 1,
        scenarios: vec![told.clone()],
        actions: seen,
    };
    (told, report)
}

pub fn vpc() -> Reply {
    answered(json!({"Vpc": {"VpcId": "vpc-1"}}))
}

pub fn subnet() -> Reply {
    answered(json!({"Subnet": {"SubnetId": "subnet-1"}}))
}
