//! DescribeInstances for 1 to 10,000 servers, beside the floor: parsing the same replies with `serde_json` and writing the
//! same XML from a ready tree. Ratios within one run are what counts; run it with `cargo xtask bench`.
//!
//! With provenance, what each leaf was made from is recorded while the answer is written; the last column adds what it
//! costs to put all of it into words, which the page does for one request at a time and a gateway never.

mod support;

use std::hint::black_box;

use support::cloud::Cloud;
use support::{alternate, linear, run, timed};
use translator::{Engine, Tracing};

const REQUEST: &str = "Action=DescribeInstances";

fn main() {
    let engine = Engine::new(rules::Rules::built_in().clone());
    assert_eq!(engine.link_all(), Vec::<String>::new());
    println!("DescribeInstances: milliseconds (and times the floor)");
    println!(
        "{:>8} {:>10} {:>20} {:>20} {:>20} {:>12}",
        "servers", "floor", "without provenance", "with provenance", "and whole trace", "XML bytes"
    );
    let mut missed = Vec::new();
    for servers in [1, 100, 1_000, 10_000] {
        let [floor, off, on, whole] = describe(&engine, servers);
        if servers >= 100 && (off > 0.6 * floor || on > floor) {
            let (off, on) = (off / floor, on / floor);
            missed.push(format!(
                "missed at {servers} servers: {off:.2}x without, {on:.2}x with"
            ));
        }
        let times = |time: f64| format!("{time:.3} ({:.2}x)", time / floor);
        let bytes = answer(&engine, Cloud::new(servers), Tracing::Off).1.len();
        println!(
            "{servers:>8} {floor:>10.3} {:>20} {:>20} {:>20} {bytes:>12}",
            times(off),
            times(on),
            times(whole),
        );
    }
    println!(
        "goal: at most 0.60x without and 1.00x with provenance from 100 servers on, and linear"
    );
    missed.iter().for_each(|line| println!("{line}"));
    linear::table(&engine);
}

fn answer(
    engine: &Engine,
    mut cloud: Cloud,
    tracing: Tracing,
) -> (translator::Translation<'_>, String) {
    run(engine, REQUEST, tracing, |call| cloud.hand_out(call))
}

/// Floor, without, with provenance, and with the whole trace in words. Replies are copied outside the measured time.
fn describe(engine: &Engine, servers: usize) -> [f64; 4] {
    let cloud = Cloud::new(servers);
    let action = ec2_model::action("DescribeInstances").expect("EC2 has it");
    let (_, xml) = answer(engine, cloud.clone(), Tracing::Off);
    let tree = ec2_wire::decode_response(action, &xml).expect("sound XML");
    let rounds = (20_000 / servers).clamp(3, 2_000);
    let timed_answer = |tracing| {
        let cloud = cloud.clone();
        timed(|| answer(engine, cloud, tracing))
    };
    alternate(
        rounds,
        [
            &mut || {
                timed(|| {
                    for reply in cloud.replies() {
                        let value = serde_json::from_str::<serde_json::Value>(reply);
                        black_box(value.expect("JSON"));
                    }
                    ec2_wire::encode_response(action, "req", &tree)
                })
            },
            &mut || timed_answer(Tracing::Off),
            &mut || timed_answer(Tracing::On),
            &mut || {
                let cloud = cloud.clone();
                timed(|| answer(engine, cloud, Tracing::On).0.trace())
            },
        ],
    )
}
