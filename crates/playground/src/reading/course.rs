//! `#/learn`: predict, look, try.

use yew::prelude::*;

use super::fetch::{File, standing, text, use_file};
use crate::app::Held;
use crate::browser;
use crate::examples::{self, Ids};
use crate::lessons::{Concept, Course, Lesson, Question, Step};
use crate::route::Route;
use crate::stand_ins::Wish;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The lesson; without one, the list of all.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    pub state: Held,
}

#[component]
pub fn Learn(props: &Props) -> Html {
    let file = use_file(text("course.json").into());
    let course = use_memo(file.clone(), |file| match file {
        File::Here(text) => serde_json::from_str::<Course>(text).ok(),
        _ => None,
    });
    let session = &props.state.0.session;
    let ids = use_memo(session.has_cloud(), |_| {
        Ids::read(&session.ask(examples::calls(), browser::now()))
    });
    let inside = match (&*course, &props.name) {
        (None, _) => standing(
            &file,
            html! { <p class="empty">{ "The course is not part of this copy of the page." }</p> },
        ),
        (Some(course), None) => contents(course),
        (Some(course), Some(name)) => {
            match course
                .lessons
                .iter()
                .position(|lesson| *lesson.name == **name)
            {
                Some(at) => one(course, at, &props.state, &ids),
                None => html! {
                    <>
                        <h2>{ "There is no such lesson" }</h2>
                        <p><a href="#/learn">{ "All lessons" }</a></p>
                    </>
                },
            }
        }
    };
    html! { <main class="reading course" id="course">{ inside }</main> }
}

fn address(lesson: &Lesson) -> String {
    Route::Lesson(lesson.name.clone()).written()
}

fn contents(course: &Course) -> Html {
    html! {
        <>
            <h2>{ "From EC2 to OpenStack in ten lessons" }</h2>
            <p>{ "Each lesson asks before it shows. Guess first: a wrong guess stays in memory longer than a right sentence." }</p>
            <ol class="lessons">
                { for course.lessons.iter().map(|lesson| html! {
                    <li key={lesson.name.clone()}>
                        <a href={address(lesson)}>{ &lesson.title }</a>
                        <p class="quiet-text">{ &lesson.about }</p>
                    </li>
                }) }
            </ol>
            <h2 id="concepts">{ "What stands for what" }</h2>
            <div class="wide" role="region" aria-label="EC2's concepts and OpenStack's" tabindex="0">
                <table>
                    <caption>{ "EC2's concepts and OpenStack's" }</caption>
                    <thead><tr>
                        { for ["EC2", "OpenStack", "Kept by", "The trap", "More"].map(|head| html! { <th scope="col">{ head }</th> }) }
                    </tr></thead>
                    <tbody>{ for course.concepts.iter().map(concept) }</tbody>
                </table>
            </div>
        </>
    }
}

fn concept(concept: &Concept) -> Html {
    html! {
        <tr key={concept.ec2.clone()}>
            <th scope="row">
                { &concept.ec2 }
                if let Some(id) = &concept.id {
                    { " " }<code>{ id }</code>
                }
            </th>
            <td>{ &concept.openstack }</td>
            <td>{ &concept.service }</td>
            <td>{ &concept.trap }</td>
            <td><a href={Route::Action(concept.rule.clone(), None).written()}>{ &concept.rule }</a></td>
        </tr>
    }
}

fn one(course: &Course, at: usize, state: &Held, ids: &Ids) -> Html {
    let Some(lesson) = course.lessons.get(at) else {
        return Html::default();
    };
    let next = course.lessons.get(at + 1);
    html! {
        <>
            <p class="trail"><a href="#/learn">{ "All lessons" }</a>{ format!(" · {} of {}", at + 1, course.lessons.len()) }</p>
            <h2>{ &lesson.title }</h2>
            <p class="quiet-text">{ format!("Afterwards: {}", decapitalised(&lesson.about)) }</p>
            { for lesson.steps.iter().enumerate().map(|(number, step)| {
                let key = format!("{} {number}", lesson.name);
                match step {
                    Step::Text { text } => html! { <section {key}>{ prose(text) }</section> },
                    Step::Question(question) => html! {
                        <Quiz {key} question={question.clone()} request={ids.fill(question.request.trim())} state={state.clone()} />
                    },
                    Step::Task { task, begin } => {
                        let request = ids.fill(begin.trim());
                        html! {
                            <section {key} class="task">
                                <h3>{ "Try it" }</h3>
                                { prose(task) }
                                <pre tabindex="0"><code>{ &request }</code></pre>
                                <p><a class="go" href={playground(&request)}>{ "Open it in the playground" }</a></p>
                            </section>
                        }
                    }
                }
            }) }
            <p class="next">
                if let Some(next) = next {
                    { "Next: " }<a href={address(next)}>{ &next.title }</a>
                } else {
                    { "That was the last lesson. " }<a href="#/action">{ "Every action in detail" }</a>
                }
            </p>
        </>
    }
}

/// Address of the playground with a text in its input.
pub fn playground(text: &str) -> String {
    // A lesson says what becomes of its own ids.
    let given = ("ids".into(), "given".into());
    Route::Playground(vec![("text".into(), text.into()), given]).written()
}

fn decapitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Paragraphs, with code between backticks.
fn prose(text: &str) -> Html {
    html! {
        { for text.trim().lines().map(|line| html! {
            <p>{ for line.split('`').enumerate().map(|(index, piece)| {
                if index % 2 == 1 { html! { <code>{ piece }</code> } } else { html! { { piece } } }
            }) }</p>
        }) }
    }
}

#[derive(Properties, PartialEq)]
struct QuizProps {
    question: Question,
    /// The request with ids of the page's cloud.
    request: String,
    state: Held,
}

/// A request and a question about it; what really happens is shown once something was chosen.
#[component]
fn Quiz(props: &QuizProps) -> Html {
    let chosen = use_state_eq(|| None::<usize>);
    let question = &props.question;
    let right = question
        .options
        .iter()
        .position(|option| *option == question.answer);
    let option = |(index, option): (usize, &String)| {
        let set = chosen.setter();
        let onclick = Callback::from(move |_: MouseEvent| set.set(Some(index)));
        let picked = *chosen == Some(index);
        let verdict = chosen.map(|_| Some(index) == right);
        let class = classes!(
            "option",
            picked.then_some("picked"),
            (verdict == Some(true)).then_some("right"),
            (picked && verdict == Some(false)).then_some("wrong"),
        );
        html! {
            <li key={index}>
                <button type="button" {class} {onclick} aria-pressed={if picked { "true" } else { "false" }}>
                    { option }
                    if verdict == Some(true) { <span class="verdict">{ " ✓ this is what happens" }</span> }
                    if picked && verdict == Some(false) { <span class="verdict">{ " ✗ not so" }</span> }
                </button>
            </li>
        }
    };
    html! {
        <section class="quiz">
            <pre tabindex="0"><code>{ &props.request }</code></pre>
            <h3>{ &question.ask }</h3>
            <ul class="choices">{ for question.options.iter().enumerate().map(option) }</ul>
            <div aria-live="polite">
                if chosen.is_some() {
                    { prose(&question.reveal) }
                    { happened(&props.request, &props.state) }
                    <p><a class="go" href={playground(&props.request)}>{ "See all of it in the playground" }</a></p>
                }
            </div>
        </section>
    }
}

/// The calls and the outcome, as the page's own cloud gives them now.
fn happened(request: &str, state: &Held) -> Html {
    let session = &state.0.session;
    if !session.has_cloud() {
        return html! { <p class="quiet-text">{ "The simulated cloud is still on its way; the calls appear when it is here." }</p> };
    }
    let view = session
        .wishing(Wish::AS_GIVEN)
        .preview(request, None, browser::now(), None);
    let Some(result) = view.result else {
        return Html::default();
    };
    let error = result
        .answer
        .as_ref()
        .and_then(|answer| answer.answer.error.as_ref().map(|error| error.code.clone()));
    html! {
        <ol class="happened">
            { for result.calls.iter().enumerate().map(|(index, call)| {
                let status = call.reply.as_ref().map(|reply| reply.status);
                html! {
                    <li key={index}>
                        <code>{ format!("{} {}", call.call.method, call.call.path) }</code>
                        <span class="service quiet-text">{ format!(" {}", call.call.service) }</span>
                        if let Some(status) = status {
                            { " " }<span class={classes!("status", (status >= 400).then_some("failed"))}>{ status }</span>
                        }
                    </li>
                }
            }) }
            <li key="answer" class="outcome">{ match error {
                Some(code) => html! { <>{ "EC2 answer: " }<code>{ code }</code></> },
                None => html! { { format!("EC2 answer: {}", result.action) } },
            } }</li>
        </ol>
    }
}
