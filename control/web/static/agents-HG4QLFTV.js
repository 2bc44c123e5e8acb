import{a as de}from"./chunk-NMLWHK2A.js";import"./chunk-WXIR2NMD.js";import{M as ie,N as s,Q as d,Qa as v,Ra as W,S as h,T as g,U as p,V as oe,W as le,X as f,Y as D,_ as b,a as Z,aa as L,ba as O,c as ae,ca as ee,f as A,g as F,ga as R,ha as re,ia as P,ka as I,la as _,ma as j,qa as me,ra as w,s as H,sa as $}from"./chunk-WMGVGG6D.js";import{a as o,b as i,c as m,e as r}from"./chunk-SSTONQ5Q.js";var z=n=>`/v1/agents/${encodeURIComponent(n)}`,pe=()=>F("/v1/agents"),ue=n=>A("POST","/v1/agents",n),G=(n,l)=>A("PATCH",z(n),l),ce=n=>A("DELETE",z(n)),he=n=>F(`${z(n)}/versions`),ge=(n,l)=>A("POST",`${z(n)}/versions/${l}/activation`),fe=()=>F("/v1/documents"),ye=(n,l)=>A("PUT","/v1/documents",{title:n,text:l}),$e=n=>A("DELETE",`/v1/documents/${encodeURIComponent(n)}`);var ve=5e5,B,be,K,we,k=class extends h{constructor(){super(...arguments);m(this,B);this.documents=[];this.administers=!1;this.edited=null;m(this,K,e=>{this.edited=null,$(`“${e.detail}” can be quoted now.`),w(this)})}render(){return _("documents","Documents","What agents look things up in and quote. Plain text or Markdown; headings become those of the passages.",s`
      <div class="panel">
        ${this.documents.length===0?j("No documents yet","Without any, an agent knows what it is told, and what its model knows."):s`<ul class="rows">${this.documents.map(e=>r(this,B,be).call(this,e))}</ul>`}
        ${this.administers?s`<div class="actions"><button class="button" @click=${()=>this.edited=""}>${D("plus",18)}Add a document</button></div>`:d}
      </div>
      ${this.edited===null?d:s`<parley-put-document .titleBefore=${this.edited} @closed=${()=>this.edited=null} @put=${i(this,K)}></parley-put-document>`}`)}};B=new WeakSet,be=function(e){let t=s`<span class="visually-hidden"> ${e.title}</span>`;return s`<li>
      <span class="lead">${D("document")}</span>
      <div class="what"><span class="name">${e.title}</span><span class="meta">${ae(e.passages,"passage")} · changed ${W(e.updated_at)}</span></div>
      ${this.administers?s`<div class="do">
        <button class="button quiet small" @click=${()=>this.edited=e.title}>Replace${t}</button>
        <button class="button quiet small harm" @click=${()=>r(this,B,we).call(this,e)}>Remove${t}</button></div>`:d}
    </li>`},K=new WeakMap,we=async function(e){await R({heading:`Remove “${e.title}”?`,text:"Agents do not find it any more. What they have quoted of it stays in the transcripts.",action:"Remove",isDangerous:!0,run:()=>$e(e.id)})&&($(`“${e.title}” is removed.`),w(this),await P(this))},k.styles=[f,b,v],o([p({attribute:!1})],k.prototype,"documents",2),o([p({type:Boolean})],k.prototype,"administers",2),o([oe()],k.prototype,"edited",2),k=o([g("parley-documents")],k);var c,X,q=class extends h{constructor(){super(...arguments);this.titleBefore="";m(this,c,new O(this,async e=>{let t=ee(e,"title");await ye(t,ee(e,"text")),this.dispatchEvent(new CustomEvent("put",{detail:t}))}));m(this,X,async e=>{let t=e.target.files?.[0];if(t!==void 0)try{this.text.value=(await t.text()).slice(0,ve)}catch{i(this,c).fail("This file could not be read.")}})}render(){let e=this.titleBefore==="";return s`<parley-dialog heading=${e?"Add a document":`Replace “${this.titleBefore}”`} wide @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${i(this,c).submit}>
        ${i(this,c).banner()}
        ${i(this,c).field({id:"title",label:"Title"},s`
          <input id="title" name="title" autocomplete="off" maxlength="200" required ?readonly=${!e} ?autofocus=${e} .value=${this.titleBefore} @input=${i(this,c).edited}>`)}
        ${i(this,c).field({id:"file",label:"From a file (optional)",hint:"Text or Markdown. It is put into the box below."},s`
          <input id="file" type="file" accept=".txt,.md,.markdown,text/plain,text/markdown" @change=${i(this,X)}>`)}
        ${i(this,c).field({id:"text",label:"Text"},s`
          <textarea id="text" name="text" rows="10" maxlength=${ve} required ?autofocus=${!e} @input=${i(this,c).edited}></textarea>`)}
        <button class="button primary large wide" ?disabled=${i(this,c).busy}>${i(this,c).busy?"One moment…":e?"Add the document":"Replace the text"}</button>
      </form>
    </parley-dialog>`}};c=new WeakMap,X=new WeakMap,q.styles=[f,b,L,ie`form { display: grid; gap: 1.1rem; } .field textarea { min-height: 10rem; }`],o([p()],q.prototype,"titleBefore",2),o([le("#text")],q.prototype,"text",2),q=o([g("parley-put-document")],q);function xe(n,l){let e=t=>String(n.get(t)??"").trim();return{display_name:e("display_name"),prompt:e("prompt"),greeting:e("greeting"),voice:e("voice")||null,language:e("language"),documents:e("quotes")==="some"?n.getAll("documents").map(String):"all",model_policy:{...l,preset:e("preset")||null,small_model:e("small_model")||null,large_model:e("large_model")||null}}}var We=[["","As this server is set up"],["default","Today's models"],["classic","The classic pairs"],["local","On this machine only"]];function _e(n,l,e){let t=n==="all";return s`<fieldset ?disabled=${e}><legend>What it may quote</legend>
    <label class="choice"><input type="radio" name="quotes" value="all" .checked=${t}><span>Every document, those to come as well</span></label>
    <label class="choice"><input type="radio" name="quotes" value="some" .checked=${!t}><span>Only the ones that are ticked</span></label>
    <div class="ticks">${l.map(a=>s`
      <label class="choice"><input type="checkbox" name="documents" value=${a.id} .checked=${!t&&n.includes(a.id)}><span>${a.title}</span></label>`)}
      ${l.length===0?s`<p class="meta">There are no documents yet.</p>`:d}</div>
  </fieldset>`}function ke(n,l,e){let t=(a,C)=>n.field({id:a,label:C,hint:"Such as openai/gpt-4o-mini; empty follows the choice above."},s`
    <input id=${a} name=${a} autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="200" ?readonly=${e} .value=${l?.[a]??""} @input=${n.edited}>`);return s`<details ?open=${l!==null&&[l.preset,l.small_model,l.large_model].some(Boolean)}>
    <summary>Models</summary>
    <div class="stack">
      ${n.field({id:"preset",label:"Choice of models"},s`<select id="preset" name="preset" ?disabled=${e} @change=${n.edited}>${We.map(([a,C])=>s`
        <option value=${a} .selected=${(l?.preset??"")===a}>${C}</option>`)}</select>`)}
      <div class="pair">${t("small_model","Small model")}${t("large_model","Large model")}</div>
    </div>
  </details>`}var u,J,Te,T=class extends h{constructor(){super(...arguments);m(this,J);this.agent=null;this.documents=[];this.administers=!1;m(this,u,new O(this,async e=>{let t=xe(e,this.agent?.model_policy??null);try{if(this.agent===null){let a=await ue({...t,name:String(e.get("name"))});$(`“${a.display_name}” is made.`),this.dispatchEvent(new CustomEvent("made"))}else{let{version:a}=await G(this.agent.name,{...t,version:this.agent.version});$(a===this.agent.version?"Nothing was changed.":`Version ${a} is in use now.`),w(this)}}catch(a){throw Be(a)}}))}render(){let{agent:e}=this,t=e===null?"Give it a name, and say who it is.":"Saving makes a new version. The former ones stay below.";return _("agent",e?.display_name??"Who it is",t,s`
      <form class="panel" novalidate @submit=${i(this,u).submit}>
        ${i(this,u).banner()}
        ${e===null?i(this,u).field({id:"name",label:"Name in addresses",hint:"Small letters, digits and dashes. It does not change any more."},s`
          <input id="name" name="name" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="63" required pattern="[a-z0-9][a-z0-9\\-]*" title="Small letters, digits and dashes, beginning with a letter or digit." @input=${i(this,u).edited}>`):d}
        ${r(this,J,Te).call(this,e)}
        ${_e(e?.documents??"all",this.documents,!this.administers)}
        ${ke(i(this,u),e?.model_policy??null,!this.administers)}
        ${this.administers?s`<div class="actions"><button class="button primary" ?disabled=${i(this,u).busy}>${i(this,u).busy?"One moment…":e===null?"Make the agent":"Save as a new version"}</button></div>`:d}
      </form>`)}};u=new WeakMap,J=new WeakSet,Te=function(e){let t=!this.administers,a=i(this,u).edited;return s`
      ${i(this,u).field({id:"display_name",label:"Name in meetings",hint:"What people call it by."},s`
        <input id="display_name" name="display_name" autocomplete="off" maxlength="64" required ?readonly=${t} .value=${e?.display_name??""} @input=${a}>`)}
      ${i(this,u).field({id:"prompt",label:"What it is told",hint:"Who it is, whom it talks to, what matters. Up to 16,000 characters."},s`
        <textarea id="prompt" name="prompt" rows="6" maxlength="16000" ?readonly=${t} .value=${e?.prompt??""} @input=${a}></textarea>`)}
      ${i(this,u).field({id:"greeting",label:"What it says first",hint:"Empty takes Parley's own greeting."},s`
        <textarea id="greeting" name="greeting" rows="2" maxlength="1000" ?readonly=${t} .value=${e?.greeting??""} @input=${a}></textarea>`)}
      <div class="pair">
        ${i(this,u).field({id:"language",label:"Language",hint:"Such as en, de or pt-BR."},s`
          <input id="language" name="language" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="35" required ?readonly=${t} .value=${e?.language??"en"} @input=${a}>`)}
        ${i(this,u).field({id:"voice",label:"Voice",hint:"Empty takes the engine's own."},s`
          <input id="voice" name="voice" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="100" ?readonly=${t} .value=${e?.voice??""} @input=${a}>`)}
      </div>
    `},T.styles=[f,b,L,v],o([p({attribute:!1})],T.prototype,"agent",2),o([p({attribute:!1})],T.prototype,"documents",2),o([p({type:Boolean})],T.prototype,"administers",2),T=o([g("parley-agent-editor")],T);function Be(n){return!(n instanceof Z)||n.status!==409?n:new Z(`${n.message} Keep what you wrote, then load the page anew.`,n.status,n.code,null,n.field)}var y,Ae,Re,qe,te,E=class extends h{constructor(){super(...arguments);m(this,y);this.agents=[];this.administers=!1}render(){let e=this.administers?"The default joins every room that names no other. A change counts from the next time that an agent joins.":"Owners and admins make and change them.";return _("agents","Agents",e,s`
      <div class="panel">
        ${this.agents.length===0?j("No agent of your own yet","Until you make one, Parley joins as it is."):s`<ul class="rows">${this.agents.map(t=>r(this,y,Ae).call(this,t))}</ul>`}
        ${this.administers?s`<div class="actions"><a class="button" href="/agents?new">${D("plus",18)}Make an agent</a></div>`:d}
      </div>`)}};y=new WeakSet,Ae=function(e){let t=e.documents==="all"?"quotes all documents":e.documents.length===0?"quotes nothing":`quotes ${e.documents.length} of the documents`,a=s`<span class="visually-hidden"> ${e.display_name}</span>`;return s`<li>
      <span class="lead">${D("agent")}</span>
      <div class="what"><span class="name">${e.display_name} <code>${e.name}</code>${e.is_default?s` <span class="tag on">default</span>`:d}</span>
        <span class="meta">Version ${e.version} · ${e.language} · ${t} · changed ${W(e.updated_at)}</span></div>
      <div class="do">
        <a class="button quiet small" href="/agents?agent=${e.name}">${this.administers?"Edit":"See"}${a}</a>
        ${this.administers&&!e.is_default?s`<button class="button quiet small" @click=${()=>r(this,y,Re).call(this,e)}>Make default${a}</button>`:d}
        ${this.administers&&(!e.is_default||this.agents.length===1)?s`<button class="button quiet small harm" @click=${()=>r(this,y,qe).call(this,e)}>Delete${a}</button>`:d}
      </div>
    </li>`},Re=async function(e){await R({heading:`Make “${e.display_name}” the default?`,text:"It joins every room that names no other agent.",action:"Make it the default",run:()=>G(e.name,{is_default:!0})})&&await r(this,y,te).call(this,`“${e.display_name}” is the default.`)},qe=async function(e){await R({heading:`Delete “${e.display_name}”?`,text:"All of its versions are gone. Its rooms get the default agent.",action:"Delete",isDangerous:!0,run:()=>ce(e.name)})&&await r(this,y,te).call(this,`“${e.display_name}” is deleted.`)},te=async function(e){$(e),w(this),await P(this)},E.styles=[f,b,v],o([p({attribute:!1})],E.prototype,"agents",2),o([p({type:Boolean})],E.prototype,"administers",2),E=o([g("parley-agent-list")],E);var Ee=140,U,N,Me,Se,M=class extends h{constructor(){super(...arguments);m(this,N);this.administers=!1;m(this,U,new I(this,()=>he(this.agent.name)))}updated(e){let t=e.get("agent");t!==void 0&&t.version!==this.agent.version&&i(this,U).reload()}render(){return _("versions","Versions","Each change is kept. The one in use joins rooms from the next time on.",s`
      <div class="panel">${i(this,U).render(e=>s`<ul class="rows">${e.map(t=>r(this,N,Me).call(this,t))}</ul>`)}</div>`)}};U=new WeakMap,N=new WeakSet,Me=function(e){let t=e.version===this.agent.version,a=e.prompt.length>Ee?`${e.prompt.slice(0,Ee)}…`:e.prompt;return s`<li>
      <div class="what"><span class="name">Version ${e.version} ${t?s`<span class="tag on">in use</span>`:d}</span>
        <span class="meta">${W(e.created_at)} · ${e.display_name}</span><span class="meta">${a||"Nothing told"}</span></div>
      ${this.administers&&!t?s`<div class="do"><button class="button quiet small" @click=${()=>r(this,N,Se).call(this,e.version)}>Use<span class="visually-hidden"> version ${e.version}</span></button></div>`:d}
    </li>`},Se=async function(e){await R({heading:`Use version ${e}?`,text:`It takes the place of version ${this.agent.version}, which is kept.`,action:`Use version ${e}`,run:()=>ge(this.agent.name,e)})&&($(`Version ${e} is in use now.`),w(this),await P(this))},M.styles=[f,b,v],o([p({attribute:!1})],M.prototype,"agent",2),o([p({type:Boolean})],M.prototype,"administers",2),M=o([g("parley-agent-versions")],M);var Ne="new",V,Q,x,Ce,De,se,S=class extends h{constructor(){super();m(this,x);this.query="";m(this,V,new I(this,async()=>{let[e,t]=await Promise.all([pe(),fe()]);return{known:e,texts:t}}));m(this,Q,async()=>{await i(this,V).reload(),me(this,"/agents")});this.addEventListener("changed",()=>{i(this,V).reload()})}updated(e){e.has("query")&&re(this)}render(){let e=new URLSearchParams(this.query),[t,a]=[e.get("agent"),e.has(Ne)];return s`<parley-shell .session=${this.session} place="agents">
      ${r(this,x,Ce).call(this,a?"New agent":t??"Agents",t===null&&!a)}
      ${i(this,V).render(({known:C,texts:Y})=>{if(a&&H(this.session))return r(this,x,se).call(this,null,Y);if(t===null)return r(this,x,De).call(this,C,Y);let ne=C.find(Pe=>Pe.name===t);return ne===void 0?s`<div class="panel"><p>There is no agent “${t}” any more. <a href="/agents">All agents</a></p></div>`:r(this,x,se).call(this,ne,Y)})}
    </parley-shell>`}};V=new WeakMap,Q=new WeakMap,x=new WeakSet,Ce=function(e,t){return s`<div class="top">
      ${t?"":s`<p><a href="/agents">All agents</a></p>`}
      <h1 tabindex="-1" autofocus>${e}</h1>
      ${t?s`<p class="muted">Who joins the rooms of ${this.session.tenant.name}, what they are told, and what they may quote.</p>`:""}
    </div>`},De=function(e,t){let a=H(this.session);return s`
      <parley-agent-list .agents=${e} ?administers=${a}></parley-agent-list>
      <parley-documents .documents=${t} ?administers=${a}></parley-documents>
    `},se=function(e,t){let a=H(this.session);return s`${de(e?.name,s`
      <parley-agent-editor .agent=${e} .documents=${t} ?administers=${a} @made=${i(this,Q)}></parley-agent-editor>
      ${e===null?"":s`<parley-agent-versions .agent=${e} ?administers=${a}></parley-agent-versions>`}
    `)}`},S.styles=[f,v],o([p({attribute:!1})],S.prototype,"session",2),o([p()],S.prototype,"query",2),S=o([g("parley-agents")],S);export{S as AgentsPage};
